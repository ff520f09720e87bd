package dev.terrarium.app.window;

import javafx.animation.AnimationTimer;

/** Counts JavaFX pulses, the beats at which the screen is laid out and painted. */
public final class Pulses {

  private Pulses() {}

  /** Runs an action on the JavaFX thread after that many more pulses. */
  public static void after(int pulses, Runnable action) {
    new AnimationTimer() {
      private int left = pulses;

      @Override
      public void handle(long now) {
        left--;
        if (left <= 0) {
          stop();
          action.run();
        }
      }
    }.start();
  }
}
