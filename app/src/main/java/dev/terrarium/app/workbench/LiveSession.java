package dev.terrarium.app.workbench;

import dev.terrarium.app.window.EngineRung;
import dev.terrarium.app.window.EngineRung.Cgroup;
import dev.terrarium.engine.Engine;
import dev.terrarium.engine.fact.Fact;
import dev.terrarium.engine.remote.Launch;
import dev.terrarium.engine.remote.RemoteEngine;
import dev.terrarium.lessons.Course;
import dev.terrarium.lessons.format.Lesson;
import dev.terrarium.lessons.play.FactHub;
import dev.terrarium.lessons.play.LessonPlayer;
import dev.terrarium.lessons.play.LivePlayer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** An engine on this host, with the lessons that ship with Terrarium. */
public final class LiveSession implements Session {

  private final Engine engine;

  /** Whether it is in this process, and so has the same images. */
  private final boolean own;

  private final FactHub facts;
  private final Course course;
  private final EngineRung rung;
  private final CompletableFuture<String> lost;
  private final FactHub.Subscription watch;

  private LiveSession(
      Engine engine,
      boolean own,
      FactHub facts,
      Course course,
      EngineRung rung,
      CompletableFuture<String> lost,
      FactHub.Subscription watch) {
    this.engine = engine;
    this.own = own;
    this.facts = facts;
    this.course = course;
    this.rung = rung;
    this.lost = lost;
    this.watch = watch;
  }

  /**
   * Opens the engine of this process over a state folder.
   *
   * @throws IOException if the folder cannot be used or the host cannot be read
   */
  public static LiveSession open(Path stateFolder) throws IOException {
    return open(true, facts -> Engine.open(stateFolder, facts));
  }

  /**
   * Opens an engine with root's rights in a process of its own, in the first of these ways that
   * works.
   *
   * @throws IOException if none works, with what the last one said
   */
  public static LiveSession borrow(List<Launch> ways) throws IOException {
    return open(false, facts -> RemoteEngine.open(ways, facts));
  }

  private interface Opener {
    Engine open(Consumer<Fact> facts) throws IOException;
  }

  private static LiveSession open(boolean own, Opener opener) throws IOException {
    FactHub facts = new FactHub();
    CompletableFuture<String> lost = new CompletableFuture<>();
    FactHub.Subscription watch =
        facts.listen(fact -> {
          if (fact instanceof Fact.EngineLost gone) {
            lost.complete(gone.reason());
          }
        });
    Engine engine = opener.open(facts);
    try {
      return new LiveSession(
          engine, own, facts, Course.load(), rung(engine.privileged()), lost, watch);
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
  public CompletableFuture<String> lost() {
    return lost;
  }

  @Override
  public Optional<Engine> engine() {
    return own ? Optional.of(engine) : Optional.empty();
  }

  @Override
  public LessonPlayer play(Lesson lesson) {
    return LivePlayer.open(engine, facts, lesson);
  }

  @Override
  public void close() {
    watch.close();
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
