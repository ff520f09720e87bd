package dev.terrarium.app.dock;

import com.techsenger.jeditermfx.core.TtyConnector;
import com.techsenger.jeditermfx.core.model.StyleState;
import com.techsenger.jeditermfx.core.model.TerminalTextBuffer;
import com.techsenger.jeditermfx.ui.JediTermFxWidget;
import com.techsenger.jeditermfx.ui.TerminalPanel;
import com.techsenger.jeditermfx.ui.settings.SettingsProvider;
import java.io.IOException;
import javafx.application.Platform;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.Region;

/**
 * A terminal emulator on a connection. Only this class and its neighbours of the same subject know
 * the widget, so that its classes are loaded when the first terminal is opened and not before.
 */
final class TerminalView extends BorderPane implements AutoCloseable {

  private final JediTermFxWidget widget;

  TerminalView(TerminalSettings settings, TtyConnector connector, String accessibleText) {
    widget = new CalmWidget(settings);
    widget.setTtyConnector(connector);
    Region pane = widget.getPane();
    setCenter(pane);
    getStyleClass().add("terminal-view");
    // The widget sends NUL for a bare Ctrl; a modifier alone is not a key stroke.
    addEventFilter(
        KeyEvent.KEY_PRESSED,
        event -> {
          if (event.getCode().isModifierKey()) {
            event.consume();
          }
        });
    widget.getTerminalPanel().getCanvas().setAccessibleText(accessibleText);
    widget.start();
  }

  /** Takes the keyboard; only the canvas hears it, not the pane that the widget names. */
  void focusTerminal() {
    Platform.runLater(() -> widget.getTerminalPanel().getCanvas().requestFocus());
  }

  /** What is on its screen, as text: its readable twin. */
  String screenText() {
    return widget.getTerminalTextBuffer().getScreenLines();
  }

  /** Sends text as if it were typed. */
  void type(String text) throws IOException {
    widget.getTtyConnector().write(text);
  }

  /** Paints again, after the colours changed. */
  void repaint() {
    widget.getTerminalPanel().repaint();
  }

  @Override
  public void close() {
    widget.close();
  }

  /** The widget with our panel in it. */
  private static final class CalmWidget extends JediTermFxWidget {

    CalmWidget(SettingsProvider settings) {
      super(settings);
    }

    @Override
    protected TerminalPanel createTerminalPanel(
        SettingsProvider settings, StyleState style, TerminalTextBuffer buffer) {
      return new CalmTerminalPanel(settings, buffer, style);
    }
  }
}
