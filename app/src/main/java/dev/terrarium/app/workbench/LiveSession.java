package dev.terrarium.app.workbench;

import dev.terrarium.app.window.EngineRung;
import dev.terrarium.app.window.EngineRung.Cgroup;
import dev.terrarium.engine.Engine;
import dev.terrarium.lessons.Course;
import dev.terrarium.lessons.format.Lesson;
import dev.terrarium.lessons.play.FactHub;
import dev.terrarium.lessons.play.LessonPlayer;
import dev.terrarium.lessons.play.LivePlayer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The engine of this process, on this host, with the lessons that ship with Terrarium. */
public final class LiveSession implements Session {

  private final Engine engine;
  private final FactHub facts;
  private final Course course;
  private final EngineRung rung;

  private LiveSession(Engine engine, FactHub facts, Course course, EngineRung rung) {
    this.engine = engine;
    this.facts = facts;
    this.course = course;
    this.rung = rung;
  }

  /**
   * Opens the engine over a state folder.
   *
   * @throws IOException if the folder cannot be used or the host cannot be read
   */
  public static LiveSession open(Path stateFolder) throws IOException {
    FactHub facts = new FactHub();
    Engine engine = Engine.open(stateFolder, facts);
    try {
      return new LiveSession(engine, facts, Course.load(), rung(engine.privileged()));
    } catch (IOException | RuntimeException e) {
      engine.close();
      throw e;
    }
  }

  @Override
  public Course course() {
    return course;
  }

  @Override
  public EngineRung rung() {
    return rung;
  }

  @Override
  public LessonPlayer play(Lesson lesson) {
    return LivePlayer.open(engine, facts, lesson);
  }

  @Override
  public void close() {
    engine.close();
  }

  /** Source: proc_filesystems(5), proc_pid_mounts(5), cgroups(7). */
  private static EngineRung rung(boolean privileged) throws IOException {
    List<String> mounted = mountedTypes(Files.readAllLines(Path.of("/proc/self/mounts")));
    boolean overlay =
        Files.readAllLines(Path.of("/proc/filesystems")).stream()
            .anyMatch(line -> line.endsWith("\toverlay"));
    return new EngineRung(privileged, cgroup(mounted), overlay);
  }

  static List<String> mountedTypes(List<String> mounts) {
    return mounts.stream().map(line -> line.split(" ")).map(words -> words[2]).toList();
  }

  static Cgroup cgroup(List<String> mountedTypes) {
    boolean v1 = mountedTypes.contains("cgroup");
    boolean v2 = mountedTypes.contains("cgroup2");
    return v1 ? (v2 ? Cgroup.HYBRID : Cgroup.V1) : v2 ? Cgroup.V2 : Cgroup.NONE;
  }
}
