package dev.terrarium.app.files;

import dev.terrarium.app.files.FilesContent.Box;
import dev.terrarium.app.files.FilesContent.Chip;
import dev.terrarium.app.window.UiContext;
import java.util.Locale;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/** One layer: what it is, and a chip for each path that matters. */
final class LayerBox extends VBox {

  LayerBox(Box box, UiContext ui) {
    getStyleClass()
        .addAll("file-layer", "role-" + box.layer().role().name().toLowerCase(Locale.ROOT));
    Label name = new Label(FilesText.name(box.layer(), ui));
    name.getStyleClass().add("file-layer-name");
    name.setMinWidth(Region.USE_PREF_SIZE);
    Region space = new Region();
    HBox.setHgrow(space, Priority.ALWAYS);
    Label note = new Label(FilesText.note(box, ui));
    note.getStyleClass().add("file-layer-note");
    HBox head = new HBox(name, space, note);
    head.getStyleClass().add("file-layer-head");
    Tooltip.install(head, new Tooltip(box.layer().folder()));
    getChildren().add(head);
    if (!box.chips().isEmpty()) {
      FlowPane chips = new FlowPane();
      chips.getStyleClass().add("file-chips");
      box.chips().forEach(chip -> chips.getChildren().add(label(chip, ui)));
      if (box.more() > 0) {
        Label more = new Label(ui.text("files.more", box.more()));
        more.getStyleClass().add("file-layer-note");
        chips.getChildren().add(more);
      }
      getChildren().add(chips);
    }
    setAccessibleText(FilesText.name(box.layer(), ui) + ", " + FilesText.note(box, ui));
  }

  private static Label label(Chip chip, UiContext ui) {
    Label label = new Label(FilesText.chip(chip));
    label
        .getStyleClass()
        .addAll("file-chip", "look-" + chip.look().name().toLowerCase(Locale.ROOT));
    label.setTooltip(new Tooltip(FilesText.meaning(chip, ui)));
    label.setAccessibleText(FilesText.meaning(chip, ui));
    return label;
  }
}
