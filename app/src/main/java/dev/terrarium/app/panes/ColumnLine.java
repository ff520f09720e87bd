package dev.terrarium.app.panes;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import javafx.geometry.HPos;
import javafx.geometry.VPos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.Region;
import javafx.scene.text.Text;

/**
 * A text per column, side by side; the header of a pane and each of its rows are one. Only the
 * command, which gives way when the room is short, is a label: labels cost twice the styling, and a
 * pane shows hundreds of pieces.
 */
final class ColumnLine extends Region {

  private final ColumnWidths widths;
  private final Map<Column, Node> pieces = new EnumMap<>(Column.class);
  private List<Column> shown = List.of();

  ColumnLine(ColumnWidths widths) {
    this.widths = widths;
    getStyleClass().add("column-line");
    widths.onChange(() -> {
      arrange();
      requestLayout();
    });
    arrange();
  }

  private void arrange() {
    if (shown.equals(widths.columns())) {
      return;
    }
    shown = widths.columns();
    List<Node> ordered = new ArrayList<>();
    for (Column column : shown) {
      ordered.add(piece(column));
    }
    getChildren().setAll(ordered);
  }

  private Node piece(Column column) {
    return pieces.computeIfAbsent(column, ColumnLine::newPiece);
  }

  private static Node newPiece(Column column) {
    Node piece = column == Column.COMMAND ? newLabel() : new Text();
    piece
        .getStyleClass()
        .addAll("mono", "column", "column-" + column.name().toLowerCase(Locale.ROOT));
    return piece;
  }

  private static Label newLabel() {
    Label label = new Label();
    label.setEllipsisString("…");
    return label;
  }

  void setTexts(Function<Column, String> text) {
    arrange();
    for (Column column : shown) {
      String shownText = text.apply(column);
      switch (piece(column)) {
        case Label label -> label.setText(shownText);
        case Text plain -> plain.setText(widths.cut(column, shownText));
        default -> throw new IllegalStateException("a piece of another kind");
      }
    }
  }

  /** The text of the column that every line has. */
  Text number() {
    return (Text) piece(Column.PID);
  }

  @Override
  protected double computePrefWidth(double height) {
    // Never wider than the pane: the command gives way, so that no line scrolls sideways.
    return 0;
  }

  @Override
  protected double computePrefHeight(double width) {
    return snappedTopInset() + number().prefHeight(-1) + snappedBottomInset();
  }

  @Override
  protected void layoutChildren() {
    double x = snappedLeftInset();
    double total = getWidth() - x - snappedRightInset();
    double height = getHeight() - snappedTopInset() - snappedBottomInset();
    for (Column column : shown) {
      double width = widths.width(column, total);
      Node piece = piece(column);
      if (piece instanceof Label label) {
        label.setPrefWidth(width);
      }
      layoutInArea(piece, x, snappedTopInset(), width, height, 0, HPos.LEFT, VPos.CENTER);
      x += width;
    }
  }
}
