package dev.terrarium.engine.observe;

import dev.terrarium.engine.syscall.SyscallEvent;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Why a container and the host do not see the same. Pure: computed from one snapshot, and from the
 * trace for who made it so.
 */
public final class Differences {

  /** Kinds of namespace whose contents a snapshot does not hold: they differ by being two. */
  private static final Map<NamespaceType, Difference.Kind> WHOLE =
      Map.of(
          NamespaceType.UTS, Difference.Kind.UTS,
          NamespaceType.IPC, Difference.Kind.IPC,
          NamespaceType.NET, Difference.Kind.NETWORK,
          NamespaceType.CGROUP, Difference.Kind.CGROUP,
          NamespaceType.TIME, Difference.Kind.TIME);

  private final Snapshot snapshot;
  private final ProcessInfo container;
  private final Trace trace;
  private final List<Difference> found = new ArrayList<>();

  private Differences(Snapshot snapshot, ProcessInfo container, Trace trace) {
    this.snapshot = snapshot;
    this.container = container;
    this.trace = trace;
  }

  /**
   * All differences: numbers, what {@code ps} lists, the root, the mounts, then the other kinds of
   * namespace in their order.
   *
   * @param containerPid the host pid of the container's first process; without it there are none
   * @param calls the trace, oldest first
   */
  public static List<Difference> between(
      Snapshot snapshot, int containerPid, List<SyscallEvent> calls) {
    Optional<ProcessInfo> container = snapshot.process(containerPid);
    if (container.isEmpty()) {
      return List.of();
    }
    Differences differences = new Differences(snapshot, container.get(), new Trace(calls));
    ProcessView inside = ProcessView.inside(snapshot, containerPid);
    differences.numbers(inside);
    differences.proc(inside);
    differences.root();
    differences.mountTable();
    differences.otherNamespaces();
    return List.copyOf(differences.found);
  }

  private void numbers(ProcessView inside) {
    for (ProcessView.Row row : inside.numbers()) {
      add(
          Difference.Kind.TWO_NUMBERS,
          row.hostPid(),
          NamespaceType.PID,
          Integer.toString(row.hostPid()),
          Integer.toString(row.pid()),
          made(NamespaceType.PID));
    }
  }

  /**
   * Interesting only where there is a pid namespace, or another mount, to tell apart. A table that
   * cannot be read proves nothing.
   */
  private void proc(ProcessView inside) {
    boolean ownPids = differs(NamespaceType.PID);
    boolean sameMount = inside.device().equals(inside.hostDevice());
    boolean unreadable = snapshot.mountsOf(container).isEmpty();
    if (unreadable || (!ownPids && sameMount)) {
      return;
    }
    Difference.Kind kind =
        switch (inside.procfs()) {
          case HOST -> Difference.Kind.PROC_SHOWS_HOST;
          case OWN -> Difference.Kind.PROC_SHOWS_OWN;
          case OTHER -> Difference.Kind.PROC_SHOWS_OTHER;
          case NONE -> Difference.Kind.PROC_MISSING;
        };
    Optional<SyscallEvent> madeBy =
        switch (inside.procfs()) {
          case HOST -> boundProc().or(() -> sameMount ? Optional.empty() : freshProc());
          case OWN, OTHER -> freshProc();
          case NONE -> trace.pivoted();
        };
    add(
        kind,
        container.pid(),
        NamespaceType.MNT,
        inside.hostDevice().orElse(""),
        inside.device().orElse(""),
        madeBy);
  }

  private Optional<SyscallEvent> freshProc() {
    return trace.mountedAt("/proc", c -> Trace.text(c, 2).equals(Optional.of("proc")));
  }

  private Optional<SyscallEvent> boundProc() {
    return trace.mountedAt(
        "/proc", c -> c.args().stream().anyMatch(arg -> Trace.names(arg, "MS_BIND")));
  }

  private void root() {
    Optional<String> host = rootOf(hostTable());
    Optional<String> own = rootOf(snapshot.mountsOf(container));
    if (host.isPresent() && own.isPresent() && !host.equals(own)) {
      add(
          Difference.Kind.ROOT,
          container.pid(),
          NamespaceType.MNT,
          host.get(),
          own.get(),
          trace.pivoted());
    }
  }

  private static Optional<String> rootOf(List<Mount> table) {
    return MountTable.topmost(table, "/").map(mount -> mount.fsType() + " " + mount.device());
  }

  private void mountTable() {
    if (differs(NamespaceType.MNT)) {
      List<Mount> host = hostTable();
      List<Mount> own = snapshot.mountsOf(container);
      add(
          Difference.Kind.MOUNT_TABLE,
          container.pid(),
          NamespaceType.MNT,
          Integer.toString(onlyIn(host, own)),
          Integer.toString(onlyIn(own, host)),
          made(NamespaceType.MNT));
    }
  }

  private List<Mount> hostTable() {
    return snapshot.mounts().getOrDefault(snapshot.self().mnt(), List.of());
  }

  /** A copied table has new ids; what is mounted where is what counts. */
  private record Place(String device, String root, String mountPoint) {
    static Place of(Mount mount) {
      return new Place(mount.device(), mount.root(), mount.mountPoint());
    }
  }

  private static int onlyIn(List<Mount> table, List<Mount> other) {
    Set<Place> places = new HashSet<>();
    other.forEach(mount -> places.add(Place.of(mount)));
    return (int) table.stream().filter(mount -> !places.contains(Place.of(mount))).count();
  }

  private void otherNamespaces() {
    for (NamespaceType type : NamespaceType.values()) {
      if (!differs(type)) {
        continue;
      }
      Difference.Kind whole = WHOLE.get(type);
      if (whole != null) {
        add(
            whole,
            container.pid(),
            type,
            Long.toString(snapshot.self().inode(type)),
            Long.toString(container.namespaces().inode(type)),
            made(type));
      } else if (type == NamespaceType.USER) {
        user();
      }
    }
  }

  private void user() {
    List<IdMapping> map = snapshot.uidMaps().getOrDefault(container.namespaces().user(), List.of());
    add(
        Difference.Kind.USER,
        container.pid(),
        NamespaceType.USER,
        Integer.toUnsignedString(container.uid()),
        Integer.toUnsignedString(IdMapping.toInside(map, container.uid())),
        made(NamespaceType.USER));
  }

  /** An unreadable namespace is not taken for another one. */
  private boolean differs(NamespaceType type) {
    long own = container.namespaces().inode(type);
    long host = snapshot.self().inode(type);
    return own != 0 && host != 0 && own != host;
  }

  private Optional<SyscallEvent> made(NamespaceType type) {
    return container.namespaces().get(type).flatMap(ns -> trace.ledInto(ns, container));
  }

  private void add(
      Difference.Kind kind,
      int hostPid,
      NamespaceType type,
      String hostValue,
      String containerValue,
      Optional<SyscallEvent> madeBy) {
    found.add(
        new Difference(
            kind,
            hostPid,
            snapshot.self().get(type),
            container.namespaces().get(type),
            hostValue,
            containerValue,
            madeBy));
  }
}
