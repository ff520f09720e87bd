package dev.terrarium.engine;

import dev.terrarium.engine.build.Build;
import dev.terrarium.engine.build.BuildRequest;
import dev.terrarium.engine.commit.CommitRequest;
import dev.terrarium.engine.commit.Committed;
import dev.terrarium.engine.commit.WrittenChange;
import dev.terrarium.engine.container.Container;
import dev.terrarium.engine.container.ContainerProcess;
import dev.terrarium.engine.fact.Fact;
import dev.terrarium.engine.journal.StateFolder;
import dev.terrarium.engine.observe.Look;
import dev.terrarium.engine.observe.Snapshot;
import dev.terrarium.engine.spec.ContainerSpec;
import dev.terrarium.engine.spec.Program;
import dev.terrarium.engine.spec.Stdio;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Makes containers and observes the host. One per process; close it to leave nothing behind. */
public interface Engine extends AutoCloseable {

  /**
   * Opens the engine over a state folder, cleaning what an earlier one left behind.
   *
   * @throws IOException if the state folder cannot be used
   * @param facts hears everything that happens, in order, on whatever thread it happens
   */
  static Engine open(Path stateFolder, Consumer<Fact> facts) throws IOException {
    return LiveEngine.open(new StateFolder(stateFolder), facts);
  }

  /**
   * Whether this process runs with root's rights on the host; if not, containers need a user
   * namespace.
   */
  boolean privileged();

  /** The reference of the built-in lesson image, built on first use. */
  String lessonImage();

  /** Looks at the host and publishes {@link Fact.Seen}. */
  Snapshot observe();

  /**
   * Looks into the namespaces of those processes: what each of them isolates, by a visit where that
   * cannot be seen from outside. Apart from {@link #observe}, which does not pay for it.
   *
   * @param pids on the host
   * @throws IllegalArgumentException if one of the processes is not there
   */
  Look look(Set<Integer> pids);

  /**
   * Validates the whole specification and makes the plan; makes no system call.
   *
   * @throws IllegalArgumentException with one line that says what is wrong, where, and what would
   *     be right
   */
  Container prepare(ContainerSpec spec);

  /**
   * Brings a program into the world of a running process, which may be another engine's container:
   * into all its namespaces, under its root, kept from what it is kept from.
   *
   * @param target a process on the host
   * @param streams what the program's descriptors 0, 1 and 2 are; not a log
   * @throws dev.terrarium.engine.container.ContainerException if that is refused
   */
  ContainerProcess exec(int target, Program program, Stdio streams);

  /**
   * What a container did to the files of its image, folders before what is in them. It may be
   * another engine's of the same state folder, and one that was kept.
   *
   * @throws IllegalArgumentException if there is none of that name, or none with a layer of its own
   */
  List<WrittenChange> changes(String container) throws IOException;

  /**
   * Makes what a container wrote the topmost layer of a new image, in which nothing else of the
   * container is; it stands still meanwhile, if it has a cgroup. Interrupted, it leaves nothing
   * behind.
   *
   * @throws IllegalArgumentException as {@link #changes}, or if the request is wrong
   */
  Committed commit(String container, CommitRequest request) throws IOException;

  /**
   * Begins to build an image from a Dockerfile; what happens is told as {@link Fact.OfBuild}.
   *
   * @throws IllegalArgumentException if a build of that name is going on, or its name is none
   */
  Build build(BuildRequest request);

  /** kill(2), made by a stub on the host and recorded. */
  void signal(int pid, int signal);

  @Override
  void close();
}
