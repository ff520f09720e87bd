package dev.terrarium.app.panes;

import dev.terrarium.app.window.PixelRowList;
import dev.terrarium.app.window.UiContext;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntConsumer;
import javafx.application.Platform;
import javafx.geometry.Bounds;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.ContextMenu;
import javafx.scene.control.Label;
import javafx.scene.control.ListView;
import javafx.scene.control.TextField;
import javafx.scene.control.ToggleButton;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/** The processes that one side sees. Both panes are this one view, fed two projections. */
final class ProcessTable extends VBox {

  private static final PaneContent NOTHING =
      new PaneContent(List.of(), Map.of(), Set.of(), "", List.of(Column.COMMAND), "", "", "", "");

  private final UiContext ui;
  private final boolean filterable;
  private final ColumnWidths widths = new ColumnWidths();
  private final ColumnLine header = new ColumnLine(widths);
  private final RowList<ProcessRow> rows = new RowList<>();
  private final ListView<ProcessRow> list = new PixelRowList<>(rows);
  private final Set<ProcessCell> cells = new HashSet<>();
  private final Label note = new Label();
  private final Label caption = new Label();
  private final Label emptyTitle = new Label();
  private final Label emptyText = new Label();
  private final ToggleButton everything = new ToggleButton();
  private final TextField search = new TextField();
  private final Twins twins;
  private IntConsumer jump = _ -> {};
  private PaneContent content = NOTHING;

  /**
   * @param titleKey the pane's title
   * @param filterable whether it shows a part of its rows until asked for all
   */
  ProcessTable(UiContext ui, String titleKey, boolean filterable, Twins twins) {
    this.ui = ui;
    this.filterable = filterable;
    this.twins = twins;
    getStyleClass().add("process-pane");
    Label title = new Label();
    title.textProperty().bind(ui.message(titleKey));
    title.getStyleClass().add("pane-title");
    getChildren().addAll(head(title), searchLine(), headerLine(), list, captionLine());
    VBox.setVgrow(list, Priority.ALWAYS);
    buildList();
    list.accessibleTextProperty().bind(ui.message(titleKey + ".accessible"));
  }

  private HBox head(Label title) {
    Region space = new Region();
    HBox.setHgrow(space, Priority.ALWAYS);
    note.getStyleClass().add("pane-note");
    note.setMinWidth(0);
    title.setMinWidth(Region.USE_PREF_SIZE);
    HBox head = new HBox(title, space, note);
    head.getStyleClass().add("pane-head");
    head.setAlignment(Pos.CENTER_LEFT);
    if (filterable) {
      everything.getStyleClass().setAll("link-button");
      everything.setMinWidth(Region.USE_PREF_SIZE);
      everything.selectedProperty().subscribe(this::refill);
      head.getChildren().add(everything);
    }
    return head;
  }

  private TextField searchLine() {
    search.getStyleClass().add("pane-search");
    search.promptTextProperty().bind(ui.message("panes.search"));
    search.accessibleTextProperty().bind(ui.message("panes.search"));
    search.visibleProperty().bind(everything.selectedProperty());
    search.managedProperty().bind(search.visibleProperty());
    search.textProperty().subscribe(this::refill);
    return search;
  }

  private ColumnLine headerLine() {
    header.getStyleClass().add("pane-columns");
    header.setTexts(Column::title);
    header.setMinHeight(Region.USE_PREF_SIZE);
    header.number().fontProperty().subscribe(widths::setFont);
    return header;
  }

  private Label captionLine() {
    caption.getStyleClass().add("pane-caption");
    caption.setWrapText(true);
    caption.setMinHeight(Region.USE_PREF_SIZE);
    caption.visibleProperty().bind(caption.textProperty().isNotEmpty());
    caption.managedProperty().bind(caption.visibleProperty());
    return caption;
  }

  private void buildList() {
    list.getStyleClass().add("process-list");
    list.setMinHeight(0);
    list.setCellFactory(_ -> {
      ProcessCell cell = new ProcessCell(ui, widths, twins);
      cells.add(cell);
      return cell;
    });
    emptyTitle.getStyleClass().add("empty-title");
    emptyText.getStyleClass().add("empty-text");
    emptyText.setWrapText(true);
    VBox empty = new VBox(emptyTitle, emptyText);
    empty.getStyleClass().add("empty-pane");
    list.setPlaceholder(empty);
    list.getSelectionModel()
        .selectedItemProperty()
        .subscribe(row -> twins.select(row == null ? 0 : row.hostPid()));
    list.setOnKeyPressed(event -> {
      ProcessRow row = list.getSelectionModel().getSelectedItem();
      if (event.getCode() == KeyCode.ENTER && row != null) {
        jump.accept(row.hostPid());
        event.consume();
      }
    });
  }

  /** What Enter on a row does with its host pid. */
  void onJump(IntConsumer action) {
    jump = action;
  }

  void setMenu(ContextMenu menu) {
    list.setContextMenu(menu);
  }

  /** Adds a control at the end of the pane's head. */
  void addTool(Button button) {
    ((HBox) getChildren().getFirst()).getChildren().add(button);
  }

  void show(PaneContent newContent) {
    boolean reveal = !newContent.centre().equals(content.centre());
    content = newContent;
    note.setText(content.note());
    caption.setText(content.caption());
    emptyTitle.setText(content.emptyTitle());
    emptyText.setText(content.emptyText());
    if (!widths.columns().equals(content.columns())) {
      widths.setColumns(content.columns());
      header.setTexts(Column::title);
    }
    refill();
    if (reveal) {
      // The list's height is known after the caption has found its place.
      Platform.runLater(this::reveal);
    }
  }

  /** Scrolls to the first of the container's own, with a few rows above it. */
  private void reveal() {
    for (int i = 0; i < rows.size(); i++) {
      if (rows.get(i).member()) {
        list.scrollTo(Math.max(0, i - 3));
        return;
      }
    }
  }

  private void refill() {
    everything.setText(everything.isSelected() ? ui.text("panes.filter.off") : content.filter());
    List<ProcessRow> wanted = visibleRows();
    widths.fit(wanted);
    ProcessRow selected = list.getSelectionModel().getSelectedItem();
    rows.become(wanted);
    if (selected != null) {
      reselect(selected.hostPid());
    }
  }

  private void reselect(int hostPid) {
    int index = indexOf(hostPid);
    if (index < 0) {
      list.getSelectionModel().clearSelection();
    } else if (list.getSelectionModel().getSelectedIndex() != index) {
      list.getSelectionModel().select(index);
    }
  }

  private List<ProcessRow> visibleRows() {
    if (!filterable) {
      return content.rows();
    }
    if (!everything.isSelected()) {
      return Neighbourhood.around(content.rows(), content.parents(), content.centre());
    }
    String needle = search.getText().strip().toLowerCase(Locale.ROOT);
    if (needle.isEmpty()) {
      return content.rows();
    }
    Set<Integer> found = new HashSet<>();
    content.rows().stream().filter(row -> row.matches(needle)).forEach(r -> found.add(r.hostPid()));
    return Neighbourhood.keep(content.rows(), content.parents(), found);
  }

  /** The rows on screen or scrolled out of it, top to bottom. */
  List<ProcessRow> rows() {
    return rows;
  }

  private int indexOf(int hostPid) {
    for (int i = 0; i < rows.size(); i++) {
      if (rows.get(i).hostPid() == hostPid) {
        return i;
      }
    }
    return -1;
  }

  /** Moves the keyboard to that process's row, if it has one. */
  void focusRow(int hostPid) {
    int index = indexOf(hostPid);
    if (index >= 0) {
      list.getSelectionModel().clearAndSelect(index);
      list.scrollTo(Math.max(0, index - 2));
      list.requestFocus();
    }
  }

  /**
   * Where a process's row is, in the scene; at the edge of the list when it is scrolled out of
   * sight.
   */
  Optional<Anchor> anchor(int hostPid) {
    int index = indexOf(hostPid);
    if (index < 0 || list.getScene() == null) {
      return Optional.empty();
    }
    Bounds area = list.localToScene(list.getLayoutBounds());
    int first = Integer.MAX_VALUE;
    for (ProcessCell cell : cells) {
      ProcessRow row = cell.getItem();
      if (row == null || cell.isEmpty() || !cell.isVisible() || cell.getScene() == null) {
        continue;
      }
      first = Math.min(first, cell.getIndex());
      if (row.hostPid() == hostPid) {
        double y = cell.localToScene(0, cell.getHeight() / 2).getY();
        double clamped = Math.clamp(y, area.getMinY() + 2, area.getMaxY() - 2);
        return Optional.of(new Anchor(area.getMinX(), area.getMaxX(), clamped, clamped == y));
      }
    }
    double edge = index < first ? area.getMinY() + 2 : area.getMaxY() - 2;
    return Optional.of(new Anchor(area.getMinX(), area.getMaxX(), edge, false));
  }

  /** The ends of a row in the scene, and whether the row itself is in sight. */
  record Anchor(double left, double right, double y, boolean inSight) {}
}
