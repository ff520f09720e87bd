package dev.terrarium.app.panes;

import dev.terrarium.app.window.LessonScene;
import dev.terrarium.engine.observe.Mount;
import dev.terrarium.engine.observe.NamespaceSet;
import dev.terrarium.engine.observe.ProcessInfo;
import dev.terrarium.engine.observe.Snapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Hosts made up for tests of what is drawn; what a real kernel says is tested elsewhere. */
final class Snapshots {

  static final int CONTAINER = 8214;
  static final NamespaceSet HOST = new NamespaceSet(1836, 1840, 1838, 1839, 1841, 1837, 1835, 1834);
  static final NamespaceSet INSIDE =
      new NamespaceSet(2601, 2600, 1838, 1839, 1841, 1837, 1835, 1834);

  private Snapshots() {}

  static ProcessInfo process(int pid, int ppid, NamespaceSet in, List<Integer> pids, String argv) {
    return new ProcessInfo(pid, ppid, 0, 'S', "name", List.of(argv), pids, in, pid);
  }

  /** A host with many services, and a shell with a child in a container. */
  static Snapshot host(boolean container, String device, String childCommand) {
    List<ProcessInfo> processes = new ArrayList<>();
    processes.add(process(1, 0, HOST, List.of(1), "systemd"));
    for (int pid = 300; pid < 460; pid++) {
      processes.add(process(pid, 1, HOST, List.of(pid), "service-" + pid));
    }
    processes.add(process(8102, 1, HOST, List.of(8102), "engine"));
    if (container) {
      processes.add(process(CONTAINER, 8102, INSIDE, List.of(CONTAINER, 1), "sh"));
      processes.add(process(8215, CONTAINER, INSIDE, List.of(8215, 2), childCommand));
    }
    Map<Long, List<Mount>> mounts = new HashMap<>();
    mounts.put(HOST.mnt(), List.of(proc("0:22")));
    mounts.put(INSIDE.mnt(), List.of(proc(device)));
    return new Snapshot(
        Instant.EPOCH,
        HOST,
        processes,
        mounts,
        Map.of("0:22", HOST.pid(), "0:51", INSIDE.pid()),
        Map.of());
  }

  private static Mount proc(String device) {
    return new Mount(20, 1, device, "/", "/proc", "rw", List.of(), "proc", "proc", "rw");
  }

  static LessonScene scene(Snapshot snapshot, boolean container) {
    return new LessonScene(
        1,
        Optional.of(snapshot),
        container ? OptionalInt.of(CONTAINER) : OptionalInt.empty(),
        List.of(),
        List.of(),
        false,
        Optional.empty());
  }
}
