package dev.terrarium.app.lesson;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import javafx.animation.AnimationTimer;
import javafx.application.Platform;
import org.jspecify.annotations.Nullable;

/**
 * Lets a noisy source feed the screen at the screen's own pace: any thread offers values, and the
 * newest of them is taken once per JavaFX pulse. Between values nothing runs.
 */
final class PulseInbox<T> {

  private final AtomicReference<@Nullable T> newest = new AtomicReference<>();
  private final Consumer<T> taker;
  private final AnimationTimer nextPulse;

  PulseInbox(Consumer<T> taker) {
    this.taker = taker;
    this.nextPulse =
        new AnimationTimer() {
          @Override
          public void handle(long now) {
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
