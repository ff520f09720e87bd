package dev.terrarium.lessons.play;

import dev.terrarium.engine.container.Container;
import dev.terrarium.lessons.format.Lesson;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Plays one lesson. Every method returns at once; the work happens on the player's own thread, and
 * each new state reaches the listeners on that thread.
 */
public interface LessonPlayer extends AutoCloseable {

  Lesson lesson();

  PlayerState state();

  /** Hears every state from now on, the present one first. */
  void listen(Consumer<PlayerState> listener);

  /** Selects an option of the present step's prediction; ignored once it is locked. */
  void choose(int option);

  /**
   * READY: locks the prediction, if any (it must have been chosen), and runs the step. DONE: enters
   * the next step. FAILED: runs again.
   */
  void advance();

  /**
   * Rebuilds the world as it was before the present step ran (or, before it ran, the step before)
   * and shows it READY.
   */
  void back();

  /** Rebuilds the world for that step, which must have been reached before. */
  void jump(int step);

  /** From the first step, answers forgotten. */
  void restart();

  /** The container of the present moment, for its terminal. */
  Optional<Container> container();

  /** Ends the container and waits until nothing is left. */
  @Override
  void close();
}
