package dev.terrarium.app.files;

import dev.terrarium.app.files.FilesContent.Box;
import dev.terrarium.app.files.FilesContent.Row;
import dev.terrarium.app.window.Explanation;
import dev.terrarium.app.window.LessonScene;
import dev.terrarium.app.window.PixelRowList;
import dev.terrarium.app.window.Sight;
import dev.terrarium.app.window.TextTwin;
import dev.terrarium.app.window.UiContext;
import dev.terrarium.engine.observe.Layers;
import dev.terrarium.lessons.format.View;
import java.util.List;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.css.PseudoClass;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/**
 * The layers as the host has them, stacked, beside the one tree that the container sees; and a text
 * that says the same.
 */
public final class FilesPanes extends Region implements Sight {

  private static final PseudoClass ALIVE = PseudoClass.getPseudoClass("alive");
  private static final double GAP = 16;

  /** Of the width, for the host. */
  private static final double HOST_SHARE = 0.56;

  private final UiContext ui;
  private final VBox host = new VBox();
  private final VBox container = new VBox();
  private final VBox boxes = new VBox();
  private final ScrollPane stack = new ScrollPane(boxes);
  private final Label hostNote = new Label();
  private final ObservableList<Row> rows = FXCollections.observableArrayList();
  private final PixelRowList<Row> list = new PixelRowList<>(rows);
  private final Label hostEmpty = new Label();
  private final TextTwin twin;
  private LessonScene scene = LessonScene.EMPTY;
  private Layers drawn = Layers.NONE;
  private FilesContent content = FilesContent.of(Layers.NONE);

  public FilesPanes(UiContext ui) {
    this.ui = ui;
    this.twin = new TextTwin(ui, this::asText);
    getStyleClass().add("files-panes");
    buildHost();
    buildContainer();
    twin.replaces(list, host, container);
    getChildren().addAll(host, container, twin);
    ui.language().subscribe(this::redraw);
  }

  private void buildHost() {
    host.getStyleClass().addAll("process-pane", "host-pane");
    boxes.getStyleClass().add("file-layers");
    stack.getStyleClass().add("file-stack");
    stack.setFitToWidth(true);
    stack.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
    stack.accessibleTextProperty().bind(ui.message("files.host.accessible"));
    hostEmpty.textProperty().bind(ui.message("files.empty"));
    hostEmpty.getStyleClass().add("empty-text");
    hostEmpty.setWrapText(true);
    VBox.setVgrow(stack, Priority.ALWAYS);
    host.getChildren().addAll(head("panes.host", hostNote), stack);
  }

  private void buildContainer() {
    container.getStyleClass().addAll("process-pane", "container-pane");
    Label note = new Label();
    note.textProperty().bind(ui.message("files.container.note"));
    HBox head = head("panes.container", note);
    head.getChildren().add(twin.opener());
    list.getStyleClass().addAll("process-list", "file-rows");
    list.setCellFactory(_ -> new RowCell(row -> FilesText.origin(row, content.boxes(), ui)));
    list.accessibleTextProperty().bind(ui.message("files.container.accessible"));
    list.setContextMenu(twin.menu());
    list.setMinHeight(0);
    Label empty = new Label();
    empty.textProperty().bind(ui.message("files.empty.container"));
    empty.getStyleClass().add("empty-text");
    empty.setWrapText(true);
    list.setPlaceholder(empty);
    Label path = new Label();
    path.textProperty().bind(ui.message("files.column.path"));
    Label from = new Label();
    from.textProperty().bind(ui.message("files.column.from"));
    VBox.setVgrow(list, Priority.ALWAYS);
    container.getChildren().addAll(head, RowCell.head(path, from, list.widthProperty()), list);
  }

  private HBox head(String titleKey, Label note) {
    Label title = new Label();
    title.textProperty().bind(ui.message(titleKey));
    title.getStyleClass().add("pane-title");
    title.setMinWidth(Region.USE_PREF_SIZE);
    Region space = new Region();
    HBox.setHgrow(space, Priority.ALWAYS);
    note.getStyleClass().add("pane-note");
    note.setMinWidth(0);
    HBox head = new HBox(title, space, note);
    head.getStyleClass().add("pane-head");
    head.setAlignment(Pos.CENTER_LEFT);
    return head;
  }

  @Override
  public View view() {
    return View.FILES;
  }

  @Override
  public Node node() {
    return this;
  }

  @Override
  public void show(LessonScene newScene) {
    scene = newScene;
    container.pseudoClassStateChanged(ALIVE, newScene.containerPid().isPresent());
    if (!scene.belongings().layers().equals(drawn)) {
      redraw();
    }
  }

  private void redraw() {
    drawn = scene.belongings().layers();
    content = FilesContent.of(drawn);
    List<Box> layers = content.boxes();
    hostNote.setText(layers.isEmpty() ? "" : ui.text("files.host.note", layers.size()));
    if (layers.isEmpty()) {
      boxes.getChildren().setAll(hostEmpty);
    } else {
      boxes.getChildren().setAll(layers.stream().map(box -> new LayerBox(box, ui)).toList());
    }
    // Also where the rows are the same: their words may be another language's.
    rows.setAll(content.rows());
    twin.refresh();
  }

  @Override
  public Explanation why(LessonScene at) {
    return FilesWhy.of(at, ui);
  }

  @Override
  public String asText() {
    return FilesText.of(content, ui);
  }

  @Override
  protected void layoutChildren() {
    double width = getWidth();
    double height = getHeight();
    double left = snapSizeX((width - GAP) * HOST_SHARE);
    host.resizeRelocate(0, 0, left, height);
    container.resizeRelocate(left + GAP, 0, width - left - GAP, height);
    twin.resizeRelocate(0, 0, width, height);
  }

  @Override
  protected double computePrefHeight(double width) {
    return 320;
  }

  @Override
  protected double computeMinHeight(double width) {
    return 120;
  }

  @Override
  protected double computePrefWidth(double height) {
    return 820;
  }
}
