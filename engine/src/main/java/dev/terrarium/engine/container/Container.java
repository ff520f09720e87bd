package dev.terrarium.engine.container;

import dev.terrarium.engine.cgroup.Cgroup;
import dev.terrarium.engine.cgroup.CgroupUsage;
import dev.terrarium.engine.fact.ExitStatus;
import dev.terrarium.engine.observe.Layers;
import dev.terrarium.engine.spec.ContainerSpec;
import dev.terrarium.engine.spec.Limits;
import dev.terrarium.engine.spec.Program;
import dev.terrarium.engine.spec.Stdio;
import dev.terrarium.engine.step.Step;
import java.net.Inet4Address;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A container from plan to clean host. Made by {@link dev.terrarium.engine.Engine#prepare}; nothing
 * exists on the host until the first {@link #step}. Thread-safe; its calls block while the kernel
 * works.
 */
public interface Container extends ContainerProcess {

  ContainerSpec spec();

  /** All steps, done and to come. */
  List<Step> plan();

  /** How many steps of the plan are done. */
  int position();

  /**
   * Makes the calls of the next step.
   *
   * @return the step, or empty if the plan was already at its end
   */
  Optional<Step> step();

  /** Makes all remaining steps. */
  default void start() {
    while (step().isPresent()) {
      // each one makes its calls
    }
  }

  /** Its address on the switch, if it is plugged in there. */
  Optional<Inet4Address> address();

  /**
   * Walks into the running container's namespaces with a helper process and does one more step
   * there (setns(2)).
   */
  void perform(Step step);

  /**
   * Brings one more program into the running container: into all its namespaces, under its root,
   * kept from what its first process is kept from. It ends with the container at the latest.
   *
   * @param streams what its descriptors 0, 1 and 2 are; not a log
   * @throws ContainerException if that is refused
   * @throws IllegalStateException if the container does not run
   */
  ContainerProcess exec(Program program, Stdio streams);

  /**
   * Ends the running container: its stop signal to its first process, and SIGKILL when the grace is
   * over. Process 1 of a pid namespace does not even get a signal for which it has no handler:
   * pid_namespaces(7); it ends by SIGKILL then.
   *
   * @return how the first process ended
   * @throws IllegalStateException if it does not run
   */
  ExitStatus stop(Duration grace) throws InterruptedException;

  /**
   * What the layers of its root hold, read now. None as long as the root is not mounted, if it is
   * no union of layers, or if its writable layer is in memory, which only the container sees.
   */
  Layers layers();

  /** Its cgroup, if the specification asks for one; it exists from its step on until the end. */
  Optional<Cgroup> cgroup();

  /**
   * What it has used so far; after its end, what it had used when it ended.
   *
   * @throws IllegalStateException if it has no cgroup, or not yet
   */
  CgroupUsage usage();

  /**
   * Stops all its processes where they are. Returns when the last one has stopped.
   *
   * @throws IllegalStateException if it does not run, or has no cgroup
   */
  void pause();

  /** Lets them go on. */
  void resume();

  /**
   * Gives the running container other limits in place of those that it has.
   *
   * @throws IllegalArgumentException if this host cannot keep them
   * @throws ContainerException if the kernel refuses, such as less memory than is in use
   * @throws IllegalStateException if it does not run, or has no cgroup
   */
  void limit(Limits limits);

  /**
   * Mounts files that tell of the container's cgroup over those of its /proc and /sys that tell of
   * the host, and keeps them up to date: {@link dev.terrarium.engine.aware.AwareFile}. Without
   * effect if they are there already, as they are if its specification asks for them.
   *
   * @throws IllegalStateException if it does not run, or has no cgroup
   */
  void coverProc();

  /** Unmounts them again: inside, the host's figures are to be seen. */
  void uncoverProc();

  /**
   * From now on {@link #close} keeps the container's folder with its writable layer, where {@link
   * dev.terrarium.engine.registry.Registry} finds it. So does the next engine, if this one is
   * killed.
   */
  void keep();

  /**
   * Kills what runs, waits for it, undoes every step and removes every file, unless they are to be
   * kept. Idempotent.
   */
  @Override
  void close();
}
