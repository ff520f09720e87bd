package dev.terrarium.app.dock;

import dev.terrarium.app.window.LessonScene;
import dev.terrarium.app.window.UiContext;
import dev.terrarium.engine.console.Console;
import dev.terrarium.engine.container.Container;
import dev.terrarium.engine.fact.ExitStatus;
import java.util.Objects;
import java.util.Optional;
import javafx.application.Platform;
import javafx.scene.control.Label;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.StackPane;
import org.jspecify.annotations.Nullable;

/**
 * The terminal of the container of now. It opens when it is first looked at, follows the lesson to
 * the next container, and says so when there is none.
 */
final class ContainerTerminal extends BorderPane implements AutoCloseable {

  private final UiContext ui;
  private final TerminalColors colors;
  private final Label empty = new Label();
  private final Label strip = new Label();
  private LessonScene scene = LessonScene.EMPTY;
  private @Nullable Container container;
  private @Nullable Console console;
  private @Nullable TerminalView terminal;
  private boolean opened;

  ContainerTerminal(UiContext ui, TerminalColors colors) {
    this.ui = ui;
    this.colors = colors;
    getStyleClass().add("terminal-tab");
    empty.getStyleClass().add("dock-empty");
    empty.setWrapText(true);
    strip.getStyleClass().add("terminal-strip");
    strip.setWrapText(true);
    strip.managedProperty().bind(strip.visibleProperty());
    strip.visibleProperty().bind(strip.textProperty().isNotEmpty());
    setCenter(new StackPane(empty));
    setBottom(strip);
  }

  /** The tab is looked at: from now on there is a terminal whenever there is a console. */
  void open() {
    opened = true;
    connect();
    say();
    focusTerminal();
  }

  void focusTerminal() {
    if (terminal != null) {
      terminal.focusTerminal();
    }
  }

  /** What the terminal shows, as text; nothing if there is none. */
  Optional<String> screenText() {
    return Optional.ofNullable(terminal).map(TerminalView::screenText);
  }

  /** What is said in place of the terminal, or below it. */
  String message() {
    return terminal == null ? empty.getText() : strip.getText();
  }

  void repaint() {
    if (terminal != null) {
      terminal.repaint();
    }
  }

  void show(LessonScene newScene) {
    scene = newScene;
    follow(newScene.container().orElse(null));
    connect();
    say();
  }

  private void follow(@Nullable Container next) {
    if (Objects.equals(next, container)) {
      return;
    }
    container = next;
    if (next != null) {
      var _ = next.exited().whenComplete((_, _) -> Platform.runLater(() -> sayIfStill(next)));
    }
  }

  private void sayIfStill(Container ended) {
    if (ended.equals(container)) {
      say();
    }
  }

  private void connect() {
    Console next = container == null ? null : container.console().orElse(null);
    if (!opened || (Objects.equals(next, console) && (terminal != null || next == null))) {
      return;
    }
    disconnect();
    console = next;
    if (next != null && getScene() != null) {
      colors.refresh();
      terminal =
          new TerminalView(
              new TerminalSettings(colors),
              new ConsoleConnector(next),
              ui.text("dock.terminal.container.accessible"));
      setCenter(terminal);
    }
  }

  private void disconnect() {
    if (terminal != null) {
      terminal.close();
      terminal = null;
      setCenter(new StackPane(empty));
    }
  }

  private void say() {
    if (terminal == null) {
      strip.setText("");
      empty.setText(emptyText());
      return;
    }
    strip.setText(stripText());
  }

  private String emptyText() {
    if (container == null) {
      return ui.text("dock.terminal.none");
    }
    return container.exited().isDone() ? endedText(container) : ui.text("dock.terminal.waiting");
  }

  private String stripText() {
    if (container == null) {
      return ui.text("dock.terminal.gone");
    }
    if (container.exited().isDone()) {
      return endedText(container);
    }
    return scene.past() ? ui.text("dock.terminal.past") : "";
  }

  private String endedText(Container ended) {
    if (ended.exited().isCompletedExceptionally()) {
      return ui.text("dock.terminal.gone");
    }
    return switch (ended.exited().join()) {
      case ExitStatus.Exited exited -> ui.text("dock.terminal.exited", exited.code());
      case ExitStatus.Killed killed -> ui.text("dock.terminal.killed", killed.signal());
    };
  }

  @Override
  public void close() {
    disconnect();
    opened = false;
  }
}
