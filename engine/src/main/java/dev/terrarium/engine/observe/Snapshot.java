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
 */
public record Snapshot(
    Instant at, NamespaceSet self, List<ProcessInfo> processes, Map<Long, List<Mount>> mounts) {

  public Snapshot {
    processes = List.copyOf(processes);
    mounts = Map.copyOf(mounts);
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
