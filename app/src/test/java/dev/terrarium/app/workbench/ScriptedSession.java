package dev.terrarium.app.workbench;

import dev.terrarium.app.window.EngineRung;
import dev.terrarium.engine.Engine;
import dev.terrarium.lessons.Course;
import dev.terrarium.lessons.format.Lesson;
import dev.terrarium.lessons.play.LessonPlayer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A session without an engine, for one scripted player. */
record ScriptedSession(LessonPlayer player, EngineRung rung, CompletableFuture<String> lost)
    implements Session {

  /** With root's rights; it is never lost. */
  ScriptedSession(LessonPlayer player) {
    this(player, true);
  }

  ScriptedSession(LessonPlayer player, boolean privileged) {
    this(player, new EngineRung(privileged, EngineRung.Cgroup.V2, true), new CompletableFuture<>());
  }

  @Override
  public Course course() {
    return Course.of(List.of(player.lesson()));
  }

  @Override
  public Optional<Engine> engine() {
    return Optional.empty();
  }

  @Override
  public LessonPlayer play(Lesson lesson) {
    return player;
  }

  @Override
  public void close() {
    // There is nothing to end.
  }
}
