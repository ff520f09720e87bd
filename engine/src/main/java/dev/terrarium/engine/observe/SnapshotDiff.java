package dev.terrarium.engine.observe;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What happened between two looks at the host: the "kernel delta". Pure: the same two snapshots
 * always give the same list.
 *
 * <p>A process is the same if its number and its start time are: the kernel reuses numbers.
 */
public final class SnapshotDiff {

  private record Identity(int pid, long startTicks) {
    static Identity of(ProcessInfo process) {
      return new Identity(process.pid(), process.startTicks());
    }
  }

  private static final Comparator<Namespace> BY_KIND_AND_NUMBER =
      Comparator.comparing(Namespace::type).thenComparingLong(Namespace::inode);

  private final Snapshot before;
  private final Snapshot after;
  private final Map<Identity, ProcessInfo> was = new HashMap<>();
  private final Map<Identity, ProcessInfo> is = new HashMap<>();

  private SnapshotDiff(Snapshot before, Snapshot after) {
    this.before = before;
    this.after = after;
    before.processes().forEach(p -> was.put(Identity.of(p), p));
    after.processes().forEach(p -> is.put(Identity.of(p), p));
  }

  /**
   * All changes, in the order in which a story would tell them: namespaces made, processes born,
   * what became of those that stayed, mounts, processes ended, namespaces gone; within each by
   * ascending number.
   */
  public static List<Change> between(Snapshot before, Snapshot after) {
    SnapshotDiff diff = new SnapshotDiff(before, after);
    List<Change> changes = new ArrayList<>();
    diff.namespacesMade(changes);
    diff.processesBorn(changes);
    diff.processesChanged(changes);
    diff.mountsChanged(changes);
    diff.processesEnded(changes);
    diff.namespacesGone(changes);
    return List.copyOf(changes);
  }

  private void namespacesMade(List<Change> changes) {
    Map<Namespace, ProcessInfo> old = firstMembers(before);
    firstMembers(after).entrySet().stream()
        .filter(entry -> !old.containsKey(entry.getKey()))
        .sorted(Map.Entry.comparingByKey(BY_KIND_AND_NUMBER))
        .forEach(e -> changes.add(new Change.NamespaceMade(e.getKey(), e.getValue())));
  }

  private void namespacesGone(List<Change> changes) {
    Map<Namespace, ProcessInfo> present = firstMembers(after);
    firstMembers(before).keySet().stream()
        .filter(namespace -> !present.containsKey(namespace))
        .sorted(BY_KIND_AND_NUMBER)
        .forEach(namespace -> changes.add(new Change.NamespaceGone(namespace)));
  }

  /** The oldest member of each namespace, which is usually the one it was made for. */
  private static Map<Namespace, ProcessInfo> firstMembers(Snapshot snapshot) {
    Map<Namespace, ProcessInfo> first = new LinkedHashMap<>();
    for (ProcessInfo process : snapshot.processes()) {
      for (NamespaceType type : NamespaceType.values()) {
        long inode = process.namespaces().inode(type);
        if (inode != 0) {
          first.merge(new Namespace(type, inode), process, SnapshotDiff::older);
        }
      }
    }
    return first;
  }

  private static ProcessInfo older(ProcessInfo one, ProcessInfo other) {
    return other.startTicks() < one.startTicks() ? other : one;
  }

  private void processesBorn(List<Change> changes) {
    for (ProcessInfo process : after.processes()) {
      if (!was.containsKey(Identity.of(process))) {
        changes.add(new Change.ProcessBorn(process));
      }
    }
  }

  private void processesEnded(List<Change> changes) {
    for (ProcessInfo process : before.processes()) {
      if (!is.containsKey(Identity.of(process))) {
        changes.add(new Change.ProcessEnded(process));
      }
    }
  }

  private void processesChanged(List<Change> changes) {
    for (ProcessInfo now : after.processes()) {
      ProcessInfo then = was.get(Identity.of(now));
      if (then == null) {
        continue;
      }
      if (execed(then, now)) {
        changes.add(new Change.ProcessExeced(then, now));
      }
      for (NamespaceType type : NamespaceType.values()) {
        Optional<Namespace> from = then.namespaces().get(type);
        Optional<Namespace> to = now.namespaces().get(type);
        // A link that can be read only once says nothing: zombies lose theirs.
        if (from.isPresent() && to.isPresent() && !from.equals(to)) {
          changes.add(new Change.NamespaceEntered(now, from.get(), to.get()));
        }
      }
      if (phase(then) != phase(now)) {
        changes.add(new Change.StateChanged(then, now));
      }
    }
  }

  /**
   * Kernel threads rename themselves after their work, and zombies have lost their command line;
   * neither became another program.
   */
  private static boolean execed(ProcessInfo then, ProcessInfo now) {
    boolean kernelThread = then.argv().isEmpty() && now.argv().isEmpty();
    boolean zombie = phase(then) == 'Z' || phase(now) == 'Z';
    return !kernelThread
        && !zombie
        && !(then.name().equals(now.name()) && then.argv().equals(now.argv()));
  }

  /** Stopped, dead or neither: running and sleeping alternate all the time. */
  private static char phase(ProcessInfo process) {
    return switch (process.state()) {
      case 'T', 't' -> 'T';
      case 'Z', 'X' -> 'Z';
      default -> 'S';
    };
  }

  private void mountsChanged(List<Change> changes) {
    before.mounts().keySet().stream()
        .filter(after.mounts()::containsKey)
        .sorted()
        .forEach(inode -> mountsChanged(new Namespace(NamespaceType.MNT, inode), changes));
  }

  private void mountsChanged(Namespace namespace, List<Change> changes) {
    List<Mount> old = before.mounts().getOrDefault(namespace.inode(), List.of());
    List<Mount> present = after.mounts().getOrDefault(namespace.inode(), List.of());
    Map<Integer, Mount> oldById = new HashMap<>();
    old.forEach(mount -> oldById.put(mount.id(), mount));
    Set<Integer> stayed = new HashSet<>();
    for (Mount mount : present) {
      Mount then = oldById.get(mount.id());
      if (then == null || !sameMount(then, mount)) {
        changes.add(new Change.MountAdded(namespace, mount));
      } else {
        stayed.add(mount.id());
        if (visiblyDiffers(then, mount)) {
          changes.add(new Change.MountChanged(namespace, then, mount));
        }
      }
    }
    for (Mount mount : old) {
      if (!stayed.contains(mount.id())) {
        changes.add(new Change.MountRemoved(namespace, mount));
      }
    }
  }

  /** Ids are reused once a mount is gone. */
  private static boolean sameMount(Mount then, Mount now) {
    return then.device().equals(now.device())
        && then.root().equals(now.root())
        && then.fsType().equals(now.fsType());
  }

  private static boolean visiblyDiffers(Mount then, Mount now) {
    return !then.mountPoint().equals(now.mountPoint())
        || !then.options().equals(now.options())
        || !then.propagation().equals(now.propagation())
        || !then.superOptions().equals(now.superOptions());
  }
}
