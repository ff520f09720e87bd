package dev.terrarium.app.images;

import dev.terrarium.app.text.VisibleText;
import dev.terrarium.app.window.UiContext;
import dev.terrarium.engine.image.Image;
import dev.terrarium.engine.image.ImageConfig;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.Priority;

/** What an image says of itself: how it is run, and how each of its layers came about. */
final class ConfigPane extends ScrollPane {

  private static final int LONGEST = 2000;
  private static final int MOST_LINES = 500;

  private final UiContext ui;
  private final GridPane grid = new GridPane();
  private int line;

  ConfigPane(UiContext ui) {
    this.ui = ui;
    grid.getStyleClass().add("config-grid");
    ColumnConstraints keys = new ColumnConstraints(120);
    ColumnConstraints values = new ColumnConstraints();
    values.setHgrow(Priority.ALWAYS);
    grid.getColumnConstraints().setAll(keys, values);
    setContent(grid);
    setFitToWidth(true);
    accessibleTextProperty().bind(ui.message("images.tab.config"));
  }

  void show(Optional<Image> image) {
    grid.getChildren().clear();
    line = 0;
    image.ifPresent(this::fill);
  }

  private void fill(Image image) {
    ImageConfig config = image.config();
    row("images.config.manifest", image.manifest().toString());
    row("images.config.platform", config.platform());
    row("images.config.created", config.created());
    row("images.config.entrypoint", words(config.entrypoint()));
    row("images.config.cmd", words(config.cmd()));
    row("images.config.env", String.join("\n", config.env()));
    row("images.config.workdir", config.workdir());
    row("images.config.user", config.user());
    row("images.config.volumes", String.join("\n", config.volumes()));
    row("images.config.ports", config.raw("ExposedPorts").orElse(""));
    row(
        "images.config.labels",
        config.labels().entrySet().stream()
            .map(label -> label.getKey() + "=" + label.getValue())
            .collect(Collectors.joining("\n")));
    row("images.config.history", history(image.config().history()));
  }

  private static String history(List<ImageConfig.Step> steps) {
    StringBuilder lines = new StringBuilder();
    int layer = 0;
    for (ImageConfig.Step step : steps) {
      if (!step.emptyLayer()) {
        layer++;
      }
      lines.append(
          String.format(
              Locale.ROOT,
              "%2s  %s%n",
              step.emptyLayer() ? "·" : Integer.toString(layer),
              VisibleText.of(step.createdBy().isEmpty() ? step.comment() : step.createdBy())));
    }
    return lines.toString().stripTrailing();
  }

  private static String words(List<String> words) {
    return words.stream().map(ConfigPane::quoted).collect(Collectors.joining(" "));
  }

  private static String quoted(String word) {
    return word.matches("[\\w./:=@,+-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  private void row(String key, String value) {
    if (value.isEmpty()) {
      return;
    }
    Label name = new Label(ui.text(key));
    name.getStyleClass().add("config-key");
    Label shown =
        new Label(
            value
                .lines()
                .limit(MOST_LINES)
                .map(each -> VisibleText.of(each, LONGEST))
                .collect(Collectors.joining("\n")));
    shown.setWrapText(true);
    shown.getStyleClass().addAll("config-value", "mono");
    grid.addRow(line++, name, shown);
  }
}
