package dev.terrarium.engine.observe;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The processes as one observer sees them: one shape, two projections of the same snapshot.
 *
 * @param rows what {@code ps} lists there: parents before children, siblings by ascending host pid
 * @param numbers the members of the container's pid namespace and of those inside it, numbered as
 *     that namespace numbers them, whatever is mounted at {@code /proc}; empty without a container
 * @param procfs what is mounted at the observer's {@code /proc}
 * @param device {@code major:minor} of that mount, if it is a procfs
 * @param hostDevice the same of the host's own {@code /proc}
 */
public record ProcessView(
    List<Row> rows,
    List<Row> numbers,
    Procfs procfs,
    Optional<String> device,
    Optional<String> hostDevice) {

  public ProcessView {
    rows = List.copyOf(rows);
    numbers = List.copyOf(numbers);
  }

  /** Whose processes the procfs at an observer's {@code /proc} lists. */
  public enum Procfs {
    /** The host's: {@code ps} in the container sees through its walls. */
    HOST,
    /** Those of the container's own pid namespace. */
    OWN,
    /** Those of a third pid namespace, such as one between the host's and the container's. */
    OTHER,
    /** There is no procfs there, or the mount table cannot be read: {@code ps} has no source. */
    NONE
  }

  /**
   * One process.
   *
   * @param hostPid its number on the host: the same process has the same one in every view
   * @param pid its number as this observer sees it
   * @param ppid its parent's number as this observer sees it; 0 if the parent is not in the view
   * @param uid its user as this observer sees it; 65534 if it has none there
   * @param state the letter of proc_pid_stat(5)
   * @param command as {@link ProcessInfo#command}
   * @param depth how many ancestors it has in this view
   * @param pidNamespace its pid namespace, if it can be read
   * @param ours whether it belongs to the container
   */
  public record Row(
      int hostPid,
      int pid,
      int ppid,
      int uid,
      char state,
      String command,
      int depth,
      Optional<Namespace> pidNamespace,
      boolean ours) {}

  /** The host's view when there is no container. */
  public static ProcessView host(Snapshot snapshot) {
    return host(snapshot, OptionalInt.empty());
  }

  /**
   * The host's view.
   *
   * @param containerPid the host pid of a container's first process, so that its own are marked
   */
  public static ProcessView host(Snapshot snapshot, int containerPid) {
    return host(snapshot, OptionalInt.of(containerPid));
  }

  private static ProcessView host(Snapshot snapshot, OptionalInt containerPid) {
    Projection projection = new Projection(snapshot, containerPid);
    Optional<String> device = procfsAt(hostTable(snapshot)).map(Mount::device);
    return new ProcessView(
        projection.rows(p -> true, p -> OptionalInt.of(p.pid()), ProcessInfo::uid),
        projection.numbers(),
        device.isPresent() ? Procfs.HOST : Procfs.NONE,
        device,
        device);
  }

  /**
   * What the container sees.
   *
   * @param containerPid the host pid of its first process; the view is empty if there is none
   */
  public static ProcessView inside(Snapshot snapshot, int containerPid) {
    Optional<String> hostDevice = procfsAt(hostTable(snapshot)).map(Mount::device);
    Optional<ProcessInfo> container = snapshot.process(containerPid);
    if (container.isEmpty()) {
      return new ProcessView(List.of(), List.of(), Procfs.NONE, Optional.empty(), hostDevice);
    }
    Projection projection = new Projection(snapshot, OptionalInt.of(containerPid));
    Optional<String> device = procfsAt(snapshot.mountsOf(container.get())).map(Mount::device);
    long own = container.get().namespaces().pid();
    long host = snapshot.self().pid();
    long listed =
        device.map(d -> listed(snapshot, d, hostDevice.equals(device) ? host : own)).orElse(0L);
    Procfs procfs = device.isEmpty() ? Procfs.NONE : kind(listed, host, own);
    List<Row> rows =
        switch (procfs) {
          case NONE -> List.of();
          case HOST ->
              projection.rows(p -> true, p -> OptionalInt.of(p.pid()), projection.uidsInside());
          case OWN, OTHER -> projection.members(listed);
        };
    return new ProcessView(rows, projection.numbers(), procfs, device, hostDevice);
  }

  /** What the kernel said about that instance, or what its device suggests. */
  private static long listed(Snapshot snapshot, String device, long likely) {
    return snapshot.procfs().getOrDefault(device, likely);
  }

  private static Procfs kind(long listed, long host, long own) {
    if (listed == host) {
      return Procfs.HOST;
    }
    return listed == own ? Procfs.OWN : Procfs.OTHER;
  }

  private static List<Mount> hostTable(Snapshot snapshot) {
    return snapshot.mounts().getOrDefault(snapshot.self().mnt(), List.of());
  }

  /** The whole procfs that a lookup of {@code /proc} ends in, if it ends in one. */
  static Optional<Mount> procfsAt(List<Mount> table) {
    return MountTable.topmost(table, "/proc")
        .filter(mount -> mount.fsType().equals("proc") && mount.root().equals("/"));
  }

  /** One snapshot seen with a container in mind. */
  private static final class Projection {
    private final Snapshot snapshot;
    private final PidNamespaces pidNamespaces;
    private final Optional<ProcessInfo> container;
    private final Map<Integer, List<ProcessInfo>> children = new HashMap<>();

    Projection(Snapshot snapshot, OptionalInt containerPid) {
      this.snapshot = snapshot;
      this.pidNamespaces = new PidNamespaces(snapshot);
      this.container =
          containerPid.isPresent() ? snapshot.process(containerPid.getAsInt()) : Optional.empty();
      for (ProcessInfo process : snapshot.processes()) {
        children.computeIfAbsent(process.ppid(), p -> new ArrayList<>()).add(process);
      }
    }

    /** Without a pid namespace of its own a container has no processes to call its own. */
    private boolean ours(ProcessInfo process) {
      return container
          .map(c -> c.namespaces().pid())
          .filter(own -> own != snapshot.self().pid())
          .map(own -> pidNamespaces.contains(own, process))
          .orElse(false);
    }

    List<Row> numbers() {
      return container
          .map(c -> c.namespaces().pid())
          .filter(own -> own != snapshot.self().pid())
          .map(this::members)
          .orElse(List.of());
    }

    List<Row> members(long namespace) {
      return rows(
          p -> pidNamespaces.contains(namespace, p),
          p -> pidNamespaces.number(namespace, p),
          uidsInside());
    }

    /** User ids through the container's user namespace. */
    Function<ProcessInfo, Integer> uidsInside() {
      return container
          .map(c -> snapshot.uidMaps().get(c.namespaces().user()))
          .<Function<ProcessInfo, Integer>>map(map -> p -> IdMapping.toInside(map, p.uid()))
          .orElse(ProcessInfo::uid);
    }

    /** Pre-order, without recursion: chains of parents can be as long as there are processes. */
    List<Row> rows(
        Predicate<ProcessInfo> listed,
        Function<ProcessInfo, OptionalInt> number,
        Function<ProcessInfo, Integer> uid) {
      Map<Integer, Row> seen = new HashMap<>();
      List<Row> rows = new ArrayList<>();
      List<ProcessInfo> waiting = new ArrayList<>();
      for (ProcessInfo process : snapshot.processes().reversed()) {
        if (listed.test(process) && parentIn(listed, process).isEmpty()) {
          waiting.add(process);
        }
      }
      while (!waiting.isEmpty()) {
        ProcessInfo process = waiting.removeLast();
        Optional<Row> parent =
            parentIn(listed, process).flatMap(p -> Optional.ofNullable(seen.get(p.pid())));
        Row row =
            new Row(
                process.pid(),
                number.apply(process).orElse(process.pid()),
                parent.map(Row::pid).orElse(0),
                uid.apply(process),
                process.state(),
                process.command(),
                parent.map(p -> p.depth() + 1).orElse(0),
                process.namespaces().get(NamespaceType.PID),
                ours(process));
        seen.put(process.pid(), row);
        rows.add(row);
        children.getOrDefault(process.pid(), List.of()).reversed().stream()
            .filter(listed)
            .forEach(waiting::add);
      }
      return rows;
    }

    private Optional<ProcessInfo> parentIn(Predicate<ProcessInfo> listed, ProcessInfo process) {
      return snapshot.process(process.ppid()).filter(listed);
    }
  }
}
