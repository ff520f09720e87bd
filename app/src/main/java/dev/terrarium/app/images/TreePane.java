package dev.terrarium.app.images;

import dev.terrarium.app.window.PixelRowList;
import dev.terrarium.app.window.UiContext;
import dev.terrarium.engine.file.RawPath;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.geometry.Pos;
import javafx.scene.control.CheckBox;
import javafx.scene.control.Label;
import javafx.scene.control.ListView;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/**
 * The tree that a container would see, and from which layer each path comes. Only the lines that
 * are on screen exist as controls, however many there are.
 */
final class TreePane extends VBox {

  /** As many folders open by themselves, so that what a layer did can be seen at once. */
  private static final int OPENED = 12;

  private final UiContext ui;
  private final ObservableList<PathRow> rows = FXCollections.observableArrayList();
  private final ListView<PathRow> list = new PixelRowList<>(rows);
  private final TextField search = new TextField();
  private final CheckBox changesOnly = new CheckBox();
  private final Label found = new Label();
  private final Set<RawPath> open = new HashSet<>();
  private Optional<LayerScene> scene = Optional.empty();

  TreePane(UiContext ui, Consumer<Optional<PathRow>> selected) {
    this.ui = ui;
    getStyleClass().add("tree-pane");
    search.getStyleClass().add("pane-search");
    search.promptTextProperty().bind(ui.message("images.search"));
    search.accessibleTextProperty().bind(ui.message("images.search"));
    search.textProperty().subscribe(this::fill);
    HBox.setHgrow(search, Priority.ALWAYS);
    changesOnly.textProperty().bind(ui.message("images.changes-only"));
    changesOnly.setMinWidth(Region.USE_PREF_SIZE);
    changesOnly.selectedProperty().subscribe(this::fill);
    HBox tools = new HBox(12, search, changesOnly);
    tools.setAlignment(Pos.CENTER_LEFT);
    tools.getStyleClass().add("tree-tools");
    found.getStyleClass().add("image-note");
    found.visibleProperty().bind(found.textProperty().isNotEmpty());
    found.managedProperty().bind(found.visibleProperty());
    list.getStyleClass().add("path-list");
    list.setMinHeight(0);
    list.accessibleTextProperty().bind(ui.message("images.tree"));
    list.setCellFactory(_ -> new PathCell(ui, this::toggle));
    list.getSelectionModel()
        .selectedItemProperty()
        .subscribe(row -> selected.accept(Optional.ofNullable(row)));
    list.setOnKeyPressed(this::key);
    VBox.setVgrow(list, Priority.ALWAYS);
    getChildren().addAll(tools, PathCell.head(ui), list, found);
    ui.language().subscribe(_ -> list.refresh());
  }

  /** Another layer or image; what was open stays open where it still is there. */
  void show(Optional<LayerScene> next) {
    scene = next;
    next.ifPresent(now -> open.addAll(OpenTree.leadingToChanges(now, OPENED)));
    fill();
  }

  void forgetOpen() {
    open.clear();
  }

  private void toggle(PathRow row) {
    if (!row.folder() || !search.getText().isBlank()) {
      return;
    }
    if (!open.remove(row.path())) {
      open.add(row.path());
    }
    fill();
  }

  private void key(KeyEvent key) {
    PathRow row = list.getSelectionModel().getSelectedItem();
    if (row == null) {
      return;
    }
    switch (key.getCode()) {
      case RIGHT -> {
        if (!row.open()) {
          toggle(row);
        }
      }
      case LEFT -> {
        if (row.open()) {
          toggle(row);
        }
      }
      case ENTER, SPACE -> toggle(row);
      default -> {
        return;
      }
    }
    key.consume();
  }

  private void fill() {
    String words = search.getText().strip();
    List<PathRow> wanted =
        scene
            .map(now ->
                words.isEmpty()
                    ? OpenTree.rows(now, open, changesOnly.isSelected())
                    : OpenTree.search(now, words, changesOnly.isSelected()))
            .orElse(List.of());
    RawPath before =
        Optional.ofNullable(list.getSelectionModel().getSelectedItem())
            .map(PathRow::path)
            .orElse(RawPath.ROOT);
    rows.setAll(wanted);
    for (int i = 0; i < wanted.size(); i++) {
      if (wanted.get(i).path().equals(before)) {
        list.getSelectionModel().select(i);
        break;
      }
    }
    found.setText(
        words.isEmpty()
            ? ""
            : ui.text(
                wanted.size() >= OpenTree.MOST_FOUND ? "images.found.many" : "images.found",
                wanted.size()));
  }
}
