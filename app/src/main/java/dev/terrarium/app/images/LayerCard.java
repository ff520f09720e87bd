package dev.terrarium.app.images;

import dev.terrarium.app.text.ByteSize;
import dev.terrarium.app.text.VisibleText;
import dev.terrarium.app.window.UiContext;
import dev.terrarium.engine.image.Image;
import dev.terrarium.engine.layer.ImageTree.Share;
import java.util.Optional;
import javafx.css.PseudoClass;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.ContentDisplay;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/**
 * One layer: the line from which it came, and its three numbers. What a layer stores and what it
 * contributes are not the same: one that deletes stores nothing and contributes less than nothing,
 * and what it deletes is stored still.
 */
final class LayerCard extends Button {

  private static final PseudoClass SHOWN = PseudoClass.getPseudoClass("shown");
  private static final PseudoClass ABOVE = PseudoClass.getPseudoClass("above");

  private static final int LONGEST_LINE = 160;

  /** Stored, contribution, total, paths. */
  private static final int NUMBERS = 4;

  private final UiContext ui;
  private final int layer;

  LayerCard(
      UiContext ui,
      Image.Layer what,
      int layer,
      Optional<ImageAnalysis> analysis,
      Runnable chosen) {
    this.ui = ui;
    this.layer = layer;
    getStyleClass().setAll("layer-card", "layer-" + layer % 6);
    setContentDisplay(ContentDisplay.GRAPHIC_ONLY);
    setMaxWidth(Double.MAX_VALUE);
    setOnAction(_ -> chosen.run());
    String origin =
        what.createdBy().isEmpty()
            ? ui.text("images.layer.unknown")
            : VisibleText.of(what.createdBy(), LONGEST_LINE);
    VBox lines = new VBox(head(what), line(origin));
    lines.getStyleClass().add("layer-lines");
    analysis.ifPresent(known -> lines.getChildren().add(numbers(known)));
    lines.prefWidthProperty().bind(widthProperty().subtract(2));
    setGraphic(lines);
    setTooltip(new Tooltip(VisibleText.of(what.createdBy(), 2000)));
    setAccessibleText(
        ui.text("images.layer", layer + 1)
            + ": "
            + origin
            + analysis.map(known -> ", " + spoken(known.shares().get(layer))).orElse(""));
  }

  /** Tells whether this is the layer up to which the tree is shown, or one that is left out. */
  void select(int shown) {
    pseudoClassStateChanged(SHOWN, layer == shown);
    pseudoClassStateChanged(ABOVE, layer > shown);
  }

  private HBox head(Image.Layer what) {
    Label name = new Label(ui.text(layer == 0 ? "images.layer.base" : "images.layer", layer + 1));
    name.getStyleClass().add("layer-name");
    Region space = new Region();
    HBox.setHgrow(space, Priority.ALWAYS);
    Label digest = new Label(shortDigest(what.diffId().toString()));
    digest.getStyleClass().addAll("image-note", "mono");
    HBox head = new HBox(8, name, space, digest);
    head.setAlignment(Pos.CENTER_LEFT);
    return head;
  }

  private static Label line(String origin) {
    Label line = new Label(origin);
    line.getStyleClass().addAll("layer-origin", "mono");
    line.setMinWidth(0);
    return line;
  }

  private GridPane numbers(ImageAnalysis analysis) {
    Share share = analysis.shares().get(layer);
    Label contribution = new Label(ByteSize.signed(share.contribution()));
    contribution
        .getStyleClass()
        .add(share.contribution() < 0 ? "shrinks" : share.contribution() > 0 ? "grows" : "stays");
    GridPane numbers = new GridPane();
    numbers.getStyleClass().add("layer-numbers");
    number(numbers, "images.stored", new Label(ByteSize.of(share.stored())));
    number(numbers, "images.contribution", contribution);
    number(numbers, "images.total", new Label(ByteSize.of(share.total())));
    number(
        numbers,
        "images.paths",
        new Label("+%d ~%d \u2212%d".formatted(share.added(), share.changed(), share.removed())));
    return numbers;
  }

  /** A column: what it is called, and below it the number. */
  private void number(GridPane numbers, String key, Label value) {
    Label caption = new Label(ui.text(key));
    caption.getStyleClass().add("number-caption");
    value.getStyleClass().add("layer-number");
    ColumnConstraints column = new ColumnConstraints();
    column.setPercentWidth(100.0 / NUMBERS);
    numbers.addColumn(numbers.getColumnConstraints().size(), caption, value);
    numbers.getColumnConstraints().add(column);
  }

  private String spoken(Share share) {
    return "%s %s, %s %s, %s %s"
        .formatted(
            ui.text("images.stored"),
            ByteSize.of(share.stored()),
            ui.text("images.contribution"),
            ByteSize.signed(share.contribution()),
            ui.text("images.total"),
            ByteSize.of(share.total()));
  }

  private static String shortDigest(String digest) {
    return digest.substring(0, Math.min(digest.length(), "sha256:".length() + 8)) + "…";
  }
}
