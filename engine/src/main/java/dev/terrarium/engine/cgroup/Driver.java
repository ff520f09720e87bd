package dev.terrarium.engine.cgroup;

import dev.terrarium.engine.spec.Limits;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One version's file interface, on the part of the host's hierarchies in which this engine may make
 * cgroups. What would be done is answered as {@link Edit}s; only the methods that read touch the
 * host. A cgroup is named by its path below that part, such as {@code terrarium/4711-99/box}.
 */
public sealed interface Driver permits V1, V2 {

  /** In the order in which they are shown; the freezer is the last. */
  List<String> CONTROLLERS =
      List.of("cpu", "cpuacct", "cpuset", "memory", "pids", "io", "blkio", "devices", "freezer");

  /** Those of {@link #CONTROLLERS} that can be used. */
  Set<String> controllers();

  /** Every folder that belongs to the cgroup: one for each hierarchy. */
  List<Path> folders(String cgroup);

  /** Makes a cgroup that will have no processes, only other cgroups. */
  List<Edit> makeInner(String cgroup);

  /** Makes a cgroup for processes. */
  List<Edit> makeLeaf(String cgroup);

  /** Moves a process into the cgroup; it stays there, and its future children are born there. */
  List<Edit> enter(String cgroup, int pid);

  /**
   * Changes what differs. A limit that is no more goes back to what the kernel begins with.
   *
   * @param from what holds now
   */
  List<Edit> limit(String cgroup, Limits from, Limits to);

  /**
   * The wanted limits that this host cannot keep, one sentence each that says what would be right.
   */
  List<String> problems(Limits limits);

  /** Whether it can be said which devices a cgroup may use. */
  boolean guardsDevices();

  /** Stops or continues all processes of the cgroup; empty if this host cannot. */
  Optional<Edit> freeze(String cgroup, boolean frozen);

  /** Whether all are stopped by now. */
  boolean frozen(String cgroup);

  /** Reads the limits back. */
  Limits limits(String cgroup);

  /** Reads what was used. */
  CgroupUsage usage(String cgroup);

  /** Lines of {@code memory.stat}, by the names that version 2 gives them, in bytes. */
  MemoryStat memoryStat(String cgroup);

  /** The processors on which its processes run, such as {@code 0-1,3}; empty if nobody says. */
  String processors(String cgroup);
}
