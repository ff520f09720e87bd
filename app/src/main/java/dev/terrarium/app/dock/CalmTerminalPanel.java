package dev.terrarium.app.dock;

import com.techsenger.jeditermfx.core.model.StyleState;
import com.techsenger.jeditermfx.core.model.TerminalTextBuffer;
import com.techsenger.jeditermfx.ui.TerminalPanel;
import com.techsenger.jeditermfx.ui.settings.SettingsProvider;
import java.lang.reflect.Field;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javafx.animation.AnimationTimer;
import javafx.animation.Timeline;
import javafx.application.Platform;
import javafx.event.ActionEvent;
import javafx.event.EventHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The terminal widget's panel, which paints when there is something new to paint. Left to itself it
 * asks fifty times a second whether there is, and so keeps the whole window's pulse going for as
 * long as a terminal is open.
 */
final class CalmTerminalPanel extends TerminalPanel {

  private static final Logger LOG = LoggerFactory.getLogger(CalmTerminalPanel.class);

  /** The widget turns its cursor on or off when it is asked after more than its own period. */
  private static final int AFTER_THE_PERIOD_MILLIS = 5;

  private static final ActionEvent NOW = new ActionEvent();

  private final AtomicBoolean asked = new AtomicBoolean();
  private final Executor nextBlink;
  private EventHandler<ActionEvent> paint = _ -> {};
  private boolean blinking;
  private boolean disposed;

  private final AnimationTimer nextPulse =
      new AnimationTimer() {
        @Override
        public void handle(long now) {
          stop();
          asked.set(false);
          paint.handle(NOW);
        }
      };

  CalmTerminalPanel(SettingsProvider settings, TerminalTextBuffer buffer, StyleState style) {
    super(settings, buffer, style);
    nextBlink =
        CompletableFuture.delayedExecutor(
            settings.caretBlinkingMs() + AFTER_THE_PERIOD_MILLIS,
            TimeUnit.MILLISECONDS,
            Platform::runLater);
    buffer.addHistoryBufferListener(this::repaint);
  }

  @Override
  public void init() {
    super.init();
    takeOver();
    repaint();
    getCanvas().focusedProperty().subscribe(this::blinkWhileFocused);
  }

  /** The widget shows its clock to nobody; without it, it would be left ticking. */
  private void takeOver() {
    try {
      Field field = TerminalPanel.class.getDeclaredField("myRepaintTimeLine");
      field.setAccessible(true);
      Timeline clock = (Timeline) field.get(this);
      clock.stop();
      paint = clock.getKeyFrames().getFirst().getOnFinished();
    } catch (ReflectiveOperationException e) {
      LOG.warn("this version of the terminal widget keeps its own time", e);
    }
  }

  /** Paints in the next pulse; called on any thread. */
  @Override
  public void repaint() {
    super.repaint();
    if (asked.compareAndSet(false, true)) {
      Platform.runLater(nextPulse::start);
    }
  }

  @Override
  public void scrollArea(int top, int size, int lines) {
    super.scrollArea(top, size, lines);
    repaint();
  }

  private void blinkWhileFocused() {
    if (!blinking && getCanvas().isFocused()) {
      blinking = true;
      nextBlink.execute(this::blink);
    }
  }

  private void blink() {
    blinking = getCanvas().isFocused() && !disposed;
    if (blinking) {
      paint.handle(NOW);
      nextBlink.execute(this::blink);
    }
  }

  @Override
  public void dispose() {
    super.dispose();
    disposed = true;
  }
}
