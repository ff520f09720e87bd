package dev.terrarium.app.window;

import javafx.application.Platform;
import javafx.scene.Node;
import javafx.scene.control.SplitPane;

/**
 * A column that keeps its width, and one that takes the rest. When the window becomes so small that
 * the first would push the second out of it, the first goes back to the width that it began with.
 */
public final class TwoColumns extends SplitPane {

  /** The most that the first column may have of the whole. */
  private static final double MOST = 0.45;

  private final Node first;
  private final double beginning;
  private boolean begun;

  /**
   * @param beginning the first column's width to begin with, in pixels; a share of a wide window
   *     would leave a narrow one no room
   */
  public TwoColumns(Node first, Node second, double beginning) {
    super(first, second);
    this.first = first;
    this.beginning = beginning;
    getStyleClass().add("columns");
    setResizableWithParent(first, false);
    widthProperty().subscribe(width -> resized(width.doubleValue()));
  }

  private void resized(double width) {
    if (width <= 0) {
      return;
    }
    if (!begun) {
      begun = true;
      setDividerPositions(beginning / width);
    } else if (first.getLayoutBounds().getWidth() > MOST * width) {
      // The pane is about to lay itself out so that the first column keeps its width.
      Platform.runLater(() -> setDividerPositions(beginning / getWidth()));
    }
  }
}
