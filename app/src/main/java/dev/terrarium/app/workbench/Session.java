package dev.terrarium.app.workbench;

import dev.terrarium.app.window.EngineRung;
import dev.terrarium.engine.Engine;
import dev.terrarium.lessons.Course;
import dev.terrarium.lessons.format.Lesson;
import dev.terrarium.lessons.play.LessonPlayer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * An open engine and the course that is played on it. Its methods block; none of them is for the
 * JavaFX thread.
 */
public interface Session extends AutoCloseable {

  /** All lessons. */
  Course course();

  /** What the engine may do here. */
  EngineRung rung();

  /**
   * Completes with the reason, one English sentence, if an engine in another process ends without
   * having been told to.
   */
  CompletableFuture<String> lost();

  /** The engine, if it starts containers from this process's own images. */
  Optional<Engine> engine();

  /** Begins a lesson. */
  LessonPlayer play(Lesson lesson);

  /** Ends all containers and the engine. */
  @Override
  void close();
}
