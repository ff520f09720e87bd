package dev.terrarium.app.panes;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import javafx.geometry.HPos;
import javafx.geometry.VPos;
import javafx.scene.control.Label;
import javafx.scene.layout.Region;

/** A label per column, side by side; the header of a pane and each of its rows are one. */
final class ColumnLine extends Region {

  private final ColumnWidths widths;
  private final Map<Column, Label> labels = new EnumMap<>(Column.class);
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
    List<Label> ordered = new ArrayList<>();
    for (Column column : shown) {
      ordered.add(labels.computeIfAbsent(column, ColumnLine::label));
    }
    getChildren().setAll(ordered);
  }

  private static Label label(Column column) {
    Label label = new Label();
    label.setEllipsisString("…");
    label
        .getStyleClass()
        .addAll("mono", "column", "column-" + column.name().toLowerCase(java.util.Locale.ROOT));
    return label;
  }

  void setTexts(Function<Column, String> text) {
    arrange();
    labels.forEach((column, label) -> label.setText(text.apply(column)));
  }

  Label label() {
    return labels.computeIfAbsent(Column.PID, ColumnLine::label);
  }

  @Override
  protected double computePrefWidth(double height) {
    // Never wider than the pane: the command gives way, so that no line scrolls sideways.
    return 0;
  }

  @Override
  protected double computePrefHeight(double width) {
    return snappedTopInset() + label().prefHeight(-1) + snappedBottomInset();
  }

  @Override
  protected void layoutChildren() {
    double x = snappedLeftInset();
    double total = getWidth() - x - snappedRightInset();
    double height = getHeight() - snappedTopInset() - snappedBottomInset();
    for (Column column : shown) {
      Label label = labels.get(column);
      if (label == null) {
        continue;
      }
      double width = widths.width(column, total);
      label.setPrefWidth(width);
      layoutInArea(label, x, snappedTopInset(), width, height, 0, HPos.LEFT, VPos.CENTER);
      x += width;
    }
  }
}
