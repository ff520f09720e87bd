package dev.terrarium.app.limits;

import java.util.List;
import java.util.OptionalDouble;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.scene.shape.Line;
import javafx.scene.shape.Polygon;
import javafx.scene.shape.Polyline;

/** One quantity over time, and the line that it must not cross. */
final class Chart extends VBox {

  private final Label title = new Label();
  private final Label value = new Label();
  private final Plot plot = new Plot();

  /**
   * An empty chart.
   *
   * @param style the style class of its colours
   */
  Chart(String style) {
    getStyleClass().addAll("limit-chart", style);
    title.getStyleClass().add("chart-title");
    value.getStyleClass().add("chart-value");
    Region space = new Region();
    HBox.setHgrow(space, Priority.ALWAYS);
    HBox head = new HBox(title, space, value);
    head.getStyleClass().add("chart-head");
    VBox.setVgrow(plot, Priority.ALWAYS);
    setMinHeight(0);
    getChildren().addAll(head, plot);
  }

  /**
   * Draws it.
   *
   * @param points oldest first
   * @param limit where the line is; none if nothing limits
   * @param least what the full height shows at least
   */
  void show(
      String name,
      String words,
      List<Double> points,
      OptionalDouble limit,
      String limitWords,
      double least) {
    title.setText(name);
    value.setText(words);
    setAccessibleText(name + ": " + words);
    plot.show(points, limit, limitWords, least);
  }

  /** The drawing itself. */
  private static final class Plot extends Region {

    /** The limit is drawn this far up, so that what touches it is seen to touch it. */
    private static final double HEADROOM = 1.3;

    private final Polygon area = new Polygon();
    private final Polyline curve = new Polyline();
    private final Line line = new Line();
    private final Label words = new Label();
    private List<Double> points = List.of();
    private OptionalDouble limit = OptionalDouble.empty();
    private double least = 1;

    Plot() {
      getStyleClass().add("chart-plot");
      area.getStyleClass().add("chart-area");
      curve.getStyleClass().add("chart-curve");
      line.getStyleClass().add("chart-limit");
      words.getStyleClass().add("chart-limit-words");
      for (Node shape : List.of(area, curve, line, words)) {
        shape.setManaged(false);
        getChildren().add(shape);
      }
    }

    void show(List<Double> values, OptionalDouble most, String limitWords, double atLeast) {
      if (values.equals(points) && most.equals(limit) && limitWords.equals(words.getText())) {
        return;
      }
      points = values;
      limit = most;
      least = atLeast;
      words.setText(limitWords);
      requestLayout();
    }

    @Override
    protected void layoutChildren() {
      double width = getWidth();
      double height = getHeight();
      double highest = points.stream().mapToDouble(Double::doubleValue).max().orElse(0);
      double top = Math.max(least, HEADROOM * Math.max(highest, limit.orElse(0)));
      curve.getPoints().clear();
      for (int i = 0; i < points.size(); i++) {
        double x = points.size() == 1 ? width : width * i / (points.size() - 1);
        curve.getPoints().addAll(x, height - height * points.get(i) / top);
      }
      area.getPoints().setAll(curve.getPoints());
      if (!points.isEmpty()) {
        area.getPoints().addAll(width, height, points.size() == 1 ? width : 0.0, height);
      }
      line.setVisible(limit.isPresent());
      words.setVisible(limit.isPresent());
      double y = snapPositionY(height - height * limit.orElse(0) / top);
      line.setStartX(0);
      line.setEndX(width);
      line.setStartY(y);
      line.setEndY(y);
      words.autosize();
      words.relocate(5, Math.max(0, y - words.getHeight() - 1));
    }

    @Override
    protected double computeMinHeight(double width) {
      return 24;
    }

    @Override
    protected double computePrefHeight(double width) {
      return 70;
    }
  }
}
