package dev.terrarium.app.panes;

import dev.terrarium.app.window.UiContext;
import javafx.css.PseudoClass;
import javafx.scene.control.ContentDisplay;
import javafx.scene.control.ListCell;
import javafx.scene.control.Tooltip;
import org.jspecify.annotations.Nullable;

/** A row of a process pane. Under the pointer it lights up, and so does its twin. */
final class ProcessCell extends ListCell<ProcessRow> {

  private static final PseudoClass MEMBER = PseudoClass.getPseudoClass("member");
  private static final PseudoClass HOT = PseudoClass.getPseudoClass("hot");

  private final UiContext ui;
  private final ColumnLine line;
  private final Twins twins;
  private int hoveredPid;

  ProcessCell(UiContext ui, ColumnWidths widths, Twins twins) {
    this.ui = ui;
    this.twins = twins;
    line = new ColumnLine(widths);
    line.prefWidthProperty().bind(widthProperty());
    setContentDisplay(ContentDisplay.GRAPHIC_ONLY);
    getStyleClass().add("process-cell");
    twins.hot().subscribe(this::warm);
    hoverProperty()
        .subscribe(over -> {
          twins.leave(hoveredPid);
          hoveredPid = over && getItem() != null ? getItem().hostPid() : 0;
          if (hoveredPid != 0) {
            twins.enter(hoveredPid);
            setTooltip(tooltip());
          }
        });
  }

  /**
   * The pane decides. The line is as wide as its cell: a cell that asked for the width of its line
   * would ask for the one it had before the scroll bar came, and the list would lay itself out for
   * ever.
   */
  @Override
  protected double computePrefWidth(double height) {
    return 0;
  }

  @Override
  protected void updateItem(@Nullable ProcessRow row, boolean empty) {
    super.updateItem(row, empty);
    pseudoClassStateChanged(MEMBER, !empty && row != null && row.member());
    warm();
    if (empty || row == null) {
      setGraphic(null);
      setTooltip(null);
      setAccessibleText("");
      return;
    }
    line.setTexts(column -> column.text(row));
    setGraphic(line);
    String sentence = sentence(row);
    setAccessibleText(sentence);
    if (getTooltip() != null) {
      getTooltip().setText(sentence);
    }
  }

  /** Made when the pointer comes: each one is a window with a scene of its own. */
  private Tooltip tooltip() {
    Tooltip tooltip = new Tooltip(getAccessibleText());
    tooltip.setWrapText(true);
    tooltip.setMaxWidth(520);
    return tooltip;
  }

  private void warm() {
    ProcessRow row = getItem();
    pseudoClassStateChanged(HOT, row != null && row.member() && row.hostPid() == twins.hot().get());
  }

  private String sentence(ProcessRow row) {
    return row.member()
        ? ui.text("panes.row.member", row.command(), row.hostPid(), row.ownPid(), row.user())
        : ui.text("panes.row.stranger", row.command(), row.hostPid(), row.user());
  }
}
