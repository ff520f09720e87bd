package dev.terrarium.app.images;

import dev.terrarium.app.text.VisibleText;
import dev.terrarium.app.window.UiContext;
import dev.terrarium.engine.compare.Comparison;
import java.util.Optional;
import java.util.stream.Collectors;
import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.control.TextArea;
import javafx.scene.control.ToggleButton;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;

/** The content of the selected path, as its layer has it. */
final class PreviewPane extends VBox {

  private final UiContext ui;
  private final ImagesViewModel model;
  private final Label title = new Label();
  private final Label note = new Label();
  private final TextArea text = new TextArea();
  private Optional<PathRow> row = Optional.empty();
  private FilePreview preview = FilePreview.NONE;

  /**
   * How the file differs from what it was before the layer; empty if it does not, or is no text.
   */
  private String difference = "";

  private final ToggleButton whole = new ToggleButton();

  PreviewPane(UiContext ui, ImagesViewModel model) {
    this.ui = ui;
    this.model = model;
    getStyleClass().add("preview-pane");
    title.getStyleClass().addAll("preview-title", "mono");
    title.setMinWidth(0);
    title.setMaxWidth(Double.MAX_VALUE);
    HBox.setHgrow(title, Priority.ALWAYS);
    note.getStyleClass().add("image-note");
    note.setMinWidth(USE_PREF_SIZE);
    whole.getStyleClass().setAll("link-button");
    whole.setMinWidth(USE_PREF_SIZE);
    whole.managedProperty().bind(whole.visibleProperty());
    whole.setOnAction(_ -> draw());
    HBox head = new HBox(8, title, note, whole);
    head.setAlignment(Pos.CENTER_LEFT);
    head.getStyleClass().add("preview-head");
    text.setEditable(false);
    text.getStyleClass().addAll("preview-text", "mono");
    text.accessibleTextProperty().bind(ui.message("images.preview"));
    text.setMinHeight(0);
    VBox.setVgrow(text, Priority.ALWAYS);
    getChildren().addAll(head, text);
    ui.language().subscribe(_ -> draw());
  }

  void show(Optional<PathRow> selected) {
    row = selected;
    preview = FilePreview.NONE;
    difference = "";
    whole.setSelected(false);
    draw();
    selected
        .filter(now -> !now.folder())
        .ifPresent(now ->
            model.preview(
                now.layer(),
                now,
                read -> {
                  if (row.filter(now::equals).isPresent()) {
                    preview = read;
                    draw();
                  }
                }));
    selected
        .filter(now -> now.mark() == LayerScene.Mark.CHANGED && !now.folder())
        .ifPresent(now -> model.compare(now, content -> showDifference(now, content)));
  }

  private void showDifference(PathRow of, Comparison.Content content) {
    if (content instanceof Comparison.Content.Text text && row.filter(of::equals).isPresent()) {
      difference =
          text.unified().stream()
              .map(line -> VisibleText.of(line.replace("\t", "    ")))
              .collect(Collectors.joining("\n"));
      draw();
    }
  }

  private void draw() {
    boolean differs = !difference.isEmpty();
    whole.setVisible(differs);
    whole.setText(ui.text(showsWhole() ? "images.preview.diff" : "images.preview.whole"));
    whole.setAccessibleText(whole.getText());
    title.setText(row.map(now -> "/" + now.path().shown()).orElse(""));
    note.setText(row.map(now -> ui.text("images.origin", now.layer() + 1)).orElse(""));
    text.setText(differs && !showsWhole() ? difference : content());
    text.setScrollTop(0);
  }

  private boolean showsWhole() {
    return whole.isSelected();
  }

  private String content() {
    return switch (preview.kind()) {
      case NOTHING -> ui.text(row.isPresent() ? "images.preview.none" : "images.preview.choose");
      case LINK -> ui.text("images.preview.link", preview.text());
      case TEXT, BYTES ->
          preview.cut()
              ? preview.text() + "\n" + ui.text("images.preview.cut")
              : preview.text().isEmpty() ? ui.text("images.preview.empty") : preview.text();
    };
  }
}
