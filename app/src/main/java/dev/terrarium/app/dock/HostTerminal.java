package dev.terrarium.app.dock;

import dev.terrarium.app.window.UiContext;
import java.io.IOException;
import javafx.application.Platform;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;

/** The user's own shell on the host; started when it is first looked at. */
final class HostTerminal extends BorderPane implements AutoCloseable {

  private final UiContext ui;
  private final TerminalColors colors;
  private final Label message = new Label();
  private final Button again = new Button();
  private @Nullable HostShell shell;
  private @Nullable TerminalView terminal;

  HostTerminal(UiContext ui, TerminalColors colors) {
    this.ui = ui;
    this.colors = colors;
    getStyleClass().add("terminal-tab");
    message.getStyleClass().add("dock-empty");
    message.setWrapText(true);
    again.getStyleClass().add("dock-tool");
    again.textProperty().bind(ui.message("dock.host.again"));
    again.setOnAction(_ -> open());
  }

  /** Starts the shell if it does not run, and takes the keyboard. */
  void open() {
    if (shell == null || !shell.process().isAlive()) {
      close();
      start();
    }
    focusTerminal();
  }

  void focusTerminal() {
    if (terminal != null) {
      terminal.focusTerminal();
    }
  }

  void repaint() {
    if (terminal != null) {
      terminal.repaint();
    }
  }

  /** The running shell's host pid, 0 if none runs. */
  long shellPid() {
    return shell == null ? 0 : shell.process().pid();
  }

  /** What the terminal shows, as text. */
  String screenText() {
    return terminal == null ? "" : terminal.screenText();
  }

  /** Types into the shell as its keyboard does. */
  void type(String text) throws IOException {
    if (terminal != null) {
      terminal.type(text);
    }
  }

  private void start() {
    try {
      HostShell started = HostShell.start();
      shell = started;
      colors.refresh();
      terminal =
          new TerminalView(
              new TerminalSettings(colors),
              new HostConnector(started.process()),
              ui.text("dock.terminal.host.accessible"));
      setCenter(terminal);
      var _ =
          started
              .process()
              .onExit()
              .whenComplete((_, _) -> Platform.runLater(() -> ended(started)));
    } catch (IOException e) {
      say(ui.text("dock.host.failed", String.valueOf(e.getMessage())));
    }
  }

  private void ended(HostShell which) {
    if (which.equals(shell)) {
      close();
      say(ui.text("dock.host.ended"));
    }
  }

  private void say(String text) {
    message.setText(text);
    VBox box = new VBox(message, again);
    box.getStyleClass().add("dock-empty-box");
    setCenter(new StackPane(box));
  }

  /** Ends the shell and waits for it, briefly. */
  @Override
  public void close() {
    if (terminal != null) {
      terminal.close();
      terminal = null;
    }
    if (shell != null) {
      shell.close();
      shell = null;
    }
  }
}
