package dev.terrarium.app.panes;

import dev.terrarium.app.panes.NamespaceChip.State;
import dev.terrarium.app.window.UiContext;
import dev.terrarium.engine.observe.NamespaceType;
import java.util.Locale;
import javafx.animation.FadeTransition;
import javafx.css.PseudoClass;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.ContentDisplay;
import javafx.scene.control.Label;
import javafx.scene.control.OverrunStyle;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.util.Duration;

/** One namespace chip. It glows for a moment when the namespace has just become the container's. */
final class ChipButton extends Button {

  private static final Duration GLOW = Duration.millis(1400);

  private final UiContext ui;
  private final Label name;
  private final Label value = new Label();
  private final Region glow = new Region();
  private final FadeTransition fade = new FadeTransition(GLOW, glow);
  private final Tooltip tooltip = new Tooltip();
  private NamespaceChip content;
  private boolean shown;

  ChipButton(UiContext ui, NamespaceType type) {
    this.ui = ui;
    content = NamespaceChip.of(type, 0, 0, false);
    name = new Label(type.procName());
    name.getStyleClass().add("chip-name");
    value.getStyleClass().add("chip-value");
    // The last digits tell namespaces apart; the first ones are the same in all of them.
    value.setTextOverrun(OverrunStyle.LEADING_ELLIPSIS);
    value.setEllipsisString("…");
    glow.getStyleClass().add("chip-glow");
    glow.setMouseTransparent(true);
    glow.setOpacity(0);
    VBox lines = new VBox(name, value);
    lines.getStyleClass().add("chip-lines");
    StackPane face = new StackPane(glow, lines);
    face.setAlignment(Pos.CENTER_LEFT);
    face.setMaxWidth(Double.MAX_VALUE);
    setGraphic(face);
    setContentDisplay(ContentDisplay.GRAPHIC_ONLY);
    getStyleClass().setAll("namespace-chip", "ns-" + type.procName());
    setMaxWidth(Double.MAX_VALUE);
    // The face is as wide as the chip, so that the glow fills it.
    face.prefWidthProperty().bind(widthProperty());
    setTooltip(tooltip);
    fade.setFromValue(0.55);
    fade.setToValue(0);
  }

  NamespaceChip content() {
    return content;
  }

  void show(NamespaceChip newContent) {
    boolean fresh =
        shown
            && newContent.state() == State.OWN
            && (content.state() != State.OWN || content.inode() != newContent.inode());
    content = newContent;
    shown = true;
    value.setText(valueText());
    for (State state : State.values()) {
      pseudoClassStateChanged(
          PseudoClass.getPseudoClass(state.name().toLowerCase(Locale.ROOT)),
          state == content.state());
    }
    String sentence = sentence();
    setAccessibleText(sentence);
    tooltip.setText(sentence + "\n" + flagLine());
    if (fresh && !ui.reducedMotion().get()) {
      fade.playFromStart();
    } else if (content.state() != State.OWN) {
      fade.stop();
      glow.setOpacity(0);
    }
  }

  private String valueText() {
    return switch (content.state()) {
      case ABSENT -> ui.text("panes.chip.absent");
      case SHARED -> ui.text("panes.chip.shared");
      case OWN -> Long.toString(content.inode());
      case UNREADABLE -> ui.text("panes.chip.unreadable");
    };
  }

  private String sentence() {
    String kind = ui.text("panes.ns." + content.type().procName());
    return switch (content.state()) {
      case ABSENT -> ui.text("panes.chip.absent.sentence", kind);
      case SHARED -> ui.text("panes.chip.shared.sentence", kind, content.inode());
      case OWN -> ui.text("panes.chip.own.sentence", kind, content.inode(), content.hostInode());
      case UNREADABLE -> ui.text("panes.chip.unreadable.sentence", kind);
    };
  }

  private String flagLine() {
    return ui.text("panes.chip.flag", content.type().flagName(), content.type().procName());
  }
}
