package dev.terrarium.app.window;

import javafx.scene.Node;
import javafx.scene.control.SplitPane;

/**
 * A column that keeps its width, and one that takes the rest. When the window becomes so small that
 * the first would crowd out the second, it goes back to its share.
 */
public final class TwoColumns extends SplitPane {

  /** So many times its share is what the first column may have. */
  private static final double MOST = 1.25;

  private final Node first;
  private final double share;

  /**
   * @param share of the width that the first column begins with, 0 to 1
   */
  public TwoColumns(Node first, Node second, double share) {
    super(first, second);
    this.first = first;
    this.share = share;
    getStyleClass().add("columns");
    setDividerPositions(share);
    setResizableWithParent(first, false);
    widthProperty().subscribe(width -> fit(width.doubleValue()));
  }

  private void fit(double width) {
    if (first.getLayoutBounds().getWidth() > MOST * share * width) {
      setDividerPositions(share);
    }
  }
}
