package dev.terrarium.app.workbench;

import dev.terrarium.app.window.EngineRung;
import dev.terrarium.lessons.Course;
import dev.terrarium.lessons.format.Lesson;
import dev.terrarium.lessons.play.LessonPlayer;
import java.util.List;

/** A session without an engine, for one scripted player. */
record ScriptedSession(LessonPlayer player) implements Session {

  @Override
  public Course course() {
    return Course.of(List.of(player.lesson()));
  }

  @Override
  public EngineRung rung() {
    return new EngineRung(true, EngineRung.Cgroup.V2, true);
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
