package dev.terrarium.app.lesson;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Predicate;
import javafx.animation.AnimationTimer;
import javafx.application.Platform;
import org.jspecify.annotations.Nullable;

/**
 * Lets a noisy source feed the screen at the screen's own pace: any thread offers values, and the
 * newest of them is taken once per JavaFX pulse. Between values nothing runs. A value that is about
 * to be replaced, such as "running", may be given a moment: what is over at once need not flash up.
 */
final class PulseInbox<T> {

  /** About a tenth of a second: what takes longer is worth being shown. */
  private static final int PATIENCE_PULSES = 6;

  private final AtomicReference<@Nullable T> newest = new AtomicReference<>();
  private final Consumer<T> taker;
  private final AnimationTimer nextPulse;

  PulseInbox(Consumer<T> taker, Predicate<T> mayWait) {
    this.taker = taker;
    this.nextPulse =
        new AnimationTimer() {
          private int waited;

          @Override
          public void handle(long now) {
            T value = newest.get();
            if (value != null && mayWait.test(value) && waited < PATIENCE_PULSES) {
              waited++;
              return;
            }
            waited = 0;
            stop();
            take();
          }
        };
  }

  /** Called on any thread. */
  void offer(T value) {
    if (newest.getAndSet(value) == null) {
      Platform.runLater(nextPulse::start);
    }
  }

  private void take() {
    T value = newest.getAndSet(null);
    if (value != null) {
      taker.accept(value);
    }
  }
}
