package dev.terrarium.app.dock;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import javafx.scene.control.Label;
import javafx.scene.layout.Pane;
import javafx.scene.paint.Color;

/**
 * The tokens' colours as values, for a widget that paints by hand. An invisible label per colour
 * takes it from the stylesheet; so the stylesheet stays the only place that names it.
 */
final class TerminalColors extends Pane {

  private enum Name {
    FG,
    BG,
    MUTED,
    BLUE,
    AMBER,
    GREEN,
    RED,
    VIOLET,
    SELECTION
  }

  private final Map<Name, Label> labels = new EnumMap<>(Name.class);

  /** Read by the terminals' own threads too. */
  private volatile Map<Name, Color> colors = Map.of();

  TerminalColors() {
    setManaged(false);
    setVisible(false);
    for (Name name : Name.values()) {
      Label label = new Label();
      label.getStyleClass().add("term-color-" + name.name().toLowerCase(Locale.ROOT));
      labels.put(name, label);
    }
    getChildren().addAll(labels.values());
  }

  private volatile double fontSize = 13;

  /** Takes the colours from the stylesheets of now; needs to be in a scene. */
  void refresh() {
    Map<Name, Color> found = new EnumMap<>(Name.class);
    labels.forEach((name, label) -> {
      label.applyCss();
      if (label.getTextFill() instanceof Color color) {
        found.put(name, color);
      }
      fontSize = label.getFont().getSize();
    });
    colors = Map.copyOf(found);
  }

  Color foreground() {
    return color(Name.FG);
  }

  Color background() {
    return color(Name.BG);
  }

  Color selection() {
    return color(Name.SELECTION);
  }

  /** The size of a terminal's letters. */
  double fontSize() {
    return fontSize;
  }

  /** The colour of that number: 0 to 7, and 8 to 15 for the bright ones. */
  Color ansi(int index) {
    return switch (index % 8) {
      // Black as text would vanish on the dark ground, and programs mean "dim" by bright black.
      case 0 -> color(index < 8 ? Name.SELECTION : Name.MUTED);
      case 1 -> color(Name.RED);
      case 2 -> color(Name.GREEN);
      case 3 -> color(Name.AMBER);
      case 4, 6 -> color(Name.BLUE);
      case 5 -> color(Name.VIOLET);
      default -> color(Name.FG);
    };
  }

  private Color color(Name name) {
    return colors.getOrDefault(name, Color.GRAY);
  }
}
