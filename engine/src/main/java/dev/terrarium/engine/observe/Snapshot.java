package dev.terrarium.engine.observe;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The host at an instant, as far as the observer may see it.
 *
 * @param at wall clock time at which reading began
 * @param self the observer's own namespaces: what "the host" means in this snapshot
 * @param processes all processes, by ascending pid
 * @param mounts the mount table of each mount namespace that could be read, by its inode number
 * @param procfs which pid namespace the procfs at {@code /proc} lists: by the mount's device, the
 *     namespace's inode number. Several devices may list one namespace (every mount of a procfs is
 *     an instance of its own since Linux 5.8); those that could not be asked are missing
 * @param uidMaps how user ids outside look inside each user namespace but the observer's own, by
 *     its inode number; missing as long as nobody wrote {@code uid_map}
 */
public record Snapshot(
    Instant at,
    NamespaceSet self,
    List<ProcessInfo> processes,
    Map<Long, List<Mount>> mounts,
    Map<String, Long> procfs,
    Map<Long, List<IdMapping>> uidMaps) {

  public Snapshot {
    processes = List.copyOf(processes);
    mounts = Map.copyOf(mounts);
    procfs = Map.copyOf(procfs);
    uidMaps = Map.copyOf(uidMaps);
  }

  /** A snapshot that knows neither what each procfs lists nor how ids are mapped. */
  public Snapshot(
      Instant at, NamespaceSet self, List<ProcessInfo> processes, Map<Long, List<Mount>> mounts) {
    this(at, self, processes, mounts, Map.of(), Map.of());
  }

  /** The process of that number in the observer's pid namespace. */
  public Optional<ProcessInfo> process(int pid) {
    int low = 0;
    int high = processes.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      ProcessInfo candidate = processes.get(middle);
      if (candidate.pid() == pid) {
        return Optional.of(candidate);
      }
      if (candidate.pid() < pid) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return Optional.empty();
  }

  /** All processes that are members of that namespace. */
  public List<ProcessInfo> members(Namespace namespace) {
    return processes.stream()
        .filter(p -> p.namespaces().inode(namespace.type()) == namespace.inode())
        .toList();
  }

  /** The mount table that the process sees, empty if it could not be read. */
  public List<Mount> mountsOf(ProcessInfo process) {
    return mounts.getOrDefault(process.namespaces().mnt(), List.of());
  }
}
