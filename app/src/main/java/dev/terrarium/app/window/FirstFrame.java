package dev.terrarium.app.window;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.function.Consumer;
import javafx.application.Platform;
import javafx.scene.Scene;

/**
 * Notices when a window's first frame has been painted. A scene is laid out, then painted; the next
 * pulse is not laid out before that painting was handed over, so the second layout marks the first
 * frame.
 */
public final class FirstFrame {

  private final Scene scene;
  private final Consumer<Duration> listener;
  private final Runnable onLayout = this::laidOut;
  private int layouts;

  private FirstFrame(Scene scene, Consumer<Duration> listener) {
    this.scene = scene;
    this.listener = listener;
  }

  /**
   * Tells the listener once, on the JavaFX thread, how long after the start of this JVM the scene
   * was first painted, in milliseconds' resolution. To be called before the window is shown.
   */
  public static void watch(Scene scene, Consumer<Duration> listener) {
    FirstFrame watch = new FirstFrame(scene, listener);
    scene.addPostLayoutPulseListener(watch.onLayout);
  }

  private void laidOut() {
    layouts++;
    if (layouts < 2) {
      Platform.requestNextPulse();
      return;
    }
    long now = System.currentTimeMillis();
    scene.removePostLayoutPulseListener(onLayout);
    // The management classes take a while to load, hence the clock is read before.
    long start = ManagementFactory.getRuntimeMXBean().getStartTime();
    listener.accept(Duration.ofMillis(now - start));
  }
}
