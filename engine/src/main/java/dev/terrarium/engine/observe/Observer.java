package dev.terrarium.engine.observe;

import java.io.File;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the host: reads {@code /proc} once, front to back, and hands out what it saw. Keeps
 * nothing between two looks, so a look is never older than its call. Thread-safe. Source: proc(5).
 */
public final class Observer {

  /** From so many processes on, a second thread reads along. */
  private static final int WORTH_A_SECOND_THREAD = 256;

  /** How many processes a thread takes at a time. */
  private static final int PORTION = 16;

  /** How many members of a mount namespace are asked for its table before giving up. */
  private static final int MAX_ASKED = 16;

  private final Path proc;

  /** Observes the host that this program runs on. */
  public Observer() {
    this(Path.of("/proc"));
  }

  /** Observes what a procfs, or a recorded folder of the same shape, shows. */
  public Observer(Path proc) {
    this.proc = proc;
  }

  /**
   * Reads every process, its namespaces and every mount namespace's table. Processes that end
   * meanwhile are left out; what may not be read is zero or empty.
   *
   * @throws ProcUnreadableException if there is no such folder or the kernel refuses for want of
   *     resources
   */
  public Snapshot observe() {
    Instant at = Instant.now();
    int[] pids = pids();
    ConcurrentMap<NamespaceSet, NamespaceSet> known = new ConcurrentHashMap<>();
    try (ProcReader reader = new ProcReader(proc, known)) {
      NamespaceSet self = reader.namespacesOf("self");
      List<ProcessInfo> processes = processes(reader, pids, known);
      Map<Long, List<Mount>> mounts = new HashMap<>();
      Map<String, Long> procfs = new HashMap<>();
      members(processes, NamespaceType.MNT)
          .forEach((namespace, members) ->
              table(reader, namespace, members)
                  .ifPresent(table -> {
                    mounts.put(namespace, table.mounts());
                    noteProcfs(table, procfs);
                  }));
      noteOwnProcfs(self, mounts, procfs);
      return new Snapshot(
          at, self, processes, mounts, procfs, uidMaps(reader, self.user(), processes));
    }
  }

  /** The numeric folders, ascending. */
  private int[] pids() {
    String[] names = new File(proc.toString()).list();
    if (names == null) {
      throw new ProcUnreadableException("no such folder, or it cannot be listed: " + proc);
    }
    int[] pids = new int[names.length];
    int count = 0;
    for (String name : names) {
      int pid = pidOf(name);
      if (pid > 0) {
        pids[count] = pid;
        count++;
      }
    }
    Arrays.sort(pids, 0, count);
    return Arrays.copyOf(pids, count);
  }

  /** Pids have at most seven digits (PID_MAX_LIMIT is 2^22). */
  private static int pidOf(String name) {
    if (name.length() > 9) {
      return 0;
    }
    int value = 0;
    for (int at = 0; at < name.length(); at++) {
      char c = name.charAt(at);
      if (c < '0' || c > '9') {
        return 0;
      }
      value = value * 10 + (c - '0');
    }
    return value;
  }

  private List<ProcessInfo> processes(
      ProcReader reader, int[] pids, ConcurrentMap<NamespaceSet, NamespaceSet> known) {
    @Nullable ProcessInfo[] found = new ProcessInfo[pids.length];
    AtomicInteger next = new AtomicInteger();
    if (pids.length < WORTH_A_SECOND_THREAD) {
      readPortions(reader, pids, next, found);
    } else {
      FutureTask<Boolean> second =
          new FutureTask<>(() -> {
            try (ProcReader own = new ProcReader(proc, known)) {
              readPortions(own, pids, next, found);
            }
            return true;
          });
      Thread.ofPlatform().daemon().name("observer").start(second);
      readPortions(reader, pids, next, found);
      await(second);
    }
    List<ProcessInfo> processes = new ArrayList<>(found.length);
    for (ProcessInfo process : found) {
      if (process != null) {
        processes.add(process);
      }
    }
    return processes;
  }

  private static void readPortions(
      ProcReader reader, int[] pids, AtomicInteger next, @Nullable ProcessInfo[] found) {
    int from = next.getAndAdd(PORTION);
    while (from < pids.length) {
      int to = Math.min(from + PORTION, pids.length);
      for (int at = from; at < to; at++) {
        found[at] = reader.process(pids[at]);
      }
      from = next.getAndAdd(PORTION);
    }
  }

  /** Waits even if interrupted: what is left is milliseconds of work. */
  private static void await(FutureTask<Boolean> task) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          boolean ignored = task.get();
          return;
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          if (e.getCause() instanceof ProcUnreadableException refused) {
            throw refused;
          }
          throw new IllegalStateException(e.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Pids by namespace of that kind, as far as it is known. */
  private static Map<Long, List<Integer>> members(List<ProcessInfo> processes, NamespaceType type) {
    Map<Long, List<Integer>> members = new LinkedHashMap<>();
    for (ProcessInfo process : processes) {
      long namespace = process.namespaces().inode(type);
      if (namespace != 0) {
        members.computeIfAbsent(namespace, n -> new ArrayList<>()).add(process.pid());
      }
    }
    return members;
  }

  /** The table as a member sees it who is not chrooted, if there is one. */
  private static Optional<ProcReader.Table> table(
      ProcReader reader, long namespace, List<Integer> members) {
    Optional<ProcReader.Table> partial = Optional.empty();
    for (int pid : members.subList(0, Math.min(members.size(), MAX_ASKED))) {
      Optional<ProcReader.Table> table = reader.mounts(pid, namespace);
      if (table.isPresent() && table.get().whole()) {
        return table;
      }
      if (partial.isEmpty()) {
        partial = table;
      }
    }
    return partial;
  }

  /** Within the observer's own user namespace ids are what they are. */
  private static Map<Long, List<IdMapping>> uidMaps(
      ProcReader reader, long own, List<ProcessInfo> processes) {
    Map<Long, List<IdMapping>> maps = new HashMap<>();
    members(processes, NamespaceType.USER)
        .forEach((namespace, members) -> {
          if (namespace != own) {
            members.stream()
                .limit(MAX_ASKED)
                .map(reader::uidMap)
                .filter(map -> !map.isEmpty())
                .findFirst()
                .ifPresent(map -> maps.put(namespace, map));
          }
        });
    return maps;
  }

  private static void noteProcfs(ProcReader.Table table, Map<String, Long> procfs) {
    if (table.procfsPidNs() != 0) {
      MountTable.topmost(table.mounts(), "/proc")
          .ifPresent(mount -> procfs.put(mount.device(), table.procfsPidNs()));
    }
  }

  /** The procfs that is being read numbers processes as the observer's own pid namespace does. */
  private static void noteOwnProcfs(
      NamespaceSet self, Map<Long, List<Mount>> mounts, Map<String, Long> procfs) {
    MountTable.topmost(mounts.getOrDefault(self.mnt(), List.of()), "/proc")
        .filter(mount -> mount.fsType().equals("proc") && self.pid() != 0)
        .ifPresent(mount -> procfs.putIfAbsent(mount.device(), self.pid()));
  }
}
