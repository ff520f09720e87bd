package dev.terrarium.lessons.expression;

import dev.terrarium.engine.fact.ExitStatus;
import dev.terrarium.engine.observe.Layers;
import dev.terrarium.engine.observe.MergedTree;
import dev.terrarium.engine.observe.MergedTree.Fate;
import dev.terrarium.engine.observe.Mount;
import dev.terrarium.engine.observe.Namespace;
import dev.terrarium.engine.observe.NamespaceSet;
import dev.terrarium.engine.observe.NamespaceType;
import dev.terrarium.engine.observe.ProcessInfo;
import dev.terrarium.engine.observe.Snapshot;
import dev.terrarium.engine.syscall.HeardCall;
import dev.terrarium.lessons.format.SignalName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All that an expression can speak of, at one instant.
 *
 * @param host variable {@code host}
 * @param container variable {@code container}
 * @param kept variable {@code kept}: answers and values by name
 * @param calls variable {@code calls}: what programs in the container were heard to call
 */
public record World(
    HostView host, ContainerView container, Map<String, String> kept, List<CallView> calls) {

  private static final String PROC = "/proc";

  public World {
    kept = Map.copyOf(kept);
    calls = List.copyOf(calls);
  }

  /** Derives it from a snapshot and what was heard; pure. */
  public static World of(
      Snapshot snapshot,
      Optional<ContainerTrace> container,
      Map<String, String> kept,
      List<HeardCall> heard) {
    HostView host =
        new HostView(
            snapshot.processes().stream().map(ProcessView::of).toList(),
            NamespaceView.of(snapshot.self()));
    ContainerView view =
        container
            .map(trace -> view(snapshot, trace))
            .orElseGet(() ->
                new ContainerView(
                    0,
                    false,
                    "none",
                    List.of(),
                    NamespaceView.of(NamespaceSet.UNREADABLE),
                    "none",
                    List.of(),
                    List.of(),
                    CgroupView.NONE));
    return new World(host, view, kept, heard.stream().map(CallView::of).toList());
  }

  /** The processes of a container, by ascending pid; see {@link ContainerView#processes}. */
  public static List<ProcessInfo> members(Snapshot snapshot, ContainerTrace container) {
    long own = container.namespaces().pid();
    if (own != 0 && own != snapshot.self().pid()) {
      return snapshot.members(new Namespace(NamespaceType.PID, own));
    }
    Set<Integer> family = new HashSet<>();
    family.add(container.pid());
    boolean grown = true;
    while (grown) {
      grown = false;
      for (ProcessInfo process : snapshot.processes()) {
        grown |= family.contains(process.ppid()) && family.add(process.pid());
      }
    }
    return snapshot.processes().stream().filter(p -> family.contains(p.pid())).toList();
  }

  private static ContainerView view(Snapshot snapshot, ContainerTrace trace) {
    List<ProcessView> processes = new ArrayList<>();
    for (ProcessInfo process : members(snapshot, trace)) {
      processes.add(ProcessView.of(process));
    }
    return new ContainerView(
        trace.pid(),
        trace.ended().isEmpty(),
        trace.ended().map(World::status).orElse("running"),
        processes,
        NamespaceView.of(trace.namespaces()),
        trace.ended().isEmpty() ? procfs(snapshot, trace.namespaces().mnt()) : "none",
        trace.belongings().layers().all().stream().map(LayerView::of).toList(),
        files(trace.belongings().layers()),
        trace.belongings().cgroup().map(CgroupView::of).orElse(CgroupView.NONE));
  }

  private static List<FileView> files(Layers layers) {
    return MergedTree.of(layers).stream()
        .filter(found -> found.fate() == Fate.SEEN)
        .map(found -> FileView.of(found, layers))
        .toList();
  }

  /** How a process ended, as a person reads it. */
  public static String status(ExitStatus status) {
    return switch (status) {
      case ExitStatus.Exited exited -> "exited " + exited.code();
      case ExitStatus.Killed killed -> "killed by " + SignalName.of(killed.signal());
    };
  }

  /**
   * Two mounts of procfs show the same processes if and only if they are the same file system: each
   * pid namespace has its own. So the device numbers tell.
   */
  private static String procfs(Snapshot snapshot, long mountNamespace) {
    Optional<Mount> theirs = procMount(snapshot, mountNamespace);
    if (theirs.isEmpty()) {
      return "none";
    }
    boolean same =
        procMount(snapshot, snapshot.self().mnt())
            .filter(ours -> ours.device().equals(theirs.get().device()))
            .isPresent();
    return same ? "host" : "own";
  }

  /** The topmost mount at /proc: the last line wins, as it does when a path is walked. */
  private static Optional<Mount> procMount(Snapshot snapshot, long mountNamespace) {
    return snapshot.mounts().getOrDefault(mountNamespace, List.of()).stream()
        .filter(mount -> mount.mountPoint().equals(PROC) && mount.fsType().equals("proc"))
        .reduce((earlier, later) -> later);
  }
}
