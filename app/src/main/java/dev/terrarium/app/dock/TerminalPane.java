package dev.terrarium.app.dock;

import dev.terrarium.app.window.LessonScene;
import dev.terrarium.app.window.UiContext;
import dev.terrarium.engine.container.Container;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import javafx.application.Platform;
import javafx.scene.layout.StackPane;

/** The terminal of one container, outside a lesson. */
public final class TerminalPane extends StackPane implements AutoCloseable {

  private final TerminalColors colors = new TerminalColors();
  private final ContainerTerminal terminal;

  public TerminalPane(UiContext ui) {
    terminal = new ContainerTerminal(ui, colors);
    getChildren().addAll(colors, terminal);
    // The palette's stylesheet is exchanged by another listener; take its colours after that.
    ui.palette().subscribe(() -> Platform.runLater(this::repaintTerminal));
  }

  /** Connects with that container, or with none; takes the keyboard. */
  public void show(Optional<Container> container) {
    terminal.show(
        new LessonScene(
            0, Optional.empty(), OptionalInt.empty(), List.of(), List.of(), false, container));
    if (container.isPresent()) {
      terminal.open();
    }
  }

  private void repaintTerminal() {
    colors.refresh();
    terminal.repaint();
  }

  @Override
  public void close() {
    terminal.close();
  }
}
