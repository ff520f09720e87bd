package dev.terrarium.engine.observe;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Small made-up hosts, for what is pure. */
final class Hosts {

  static final NamespaceSet HOST = new NamespaceSet(100, 200, 300, 400, 500, 600, 700, 800);

  /** New pid and mnt namespaces, all others the host's. */
  static final NamespaceSet BOX = new NamespaceSet(101, 201, 300, 400, 500, 600, 700, 800);

  /** A pid namespace inside {@link #BOX}'s. */
  static final NamespaceSet INNER = new NamespaceSet(102, 201, 300, 400, 500, 600, 700, 800);

  static final Mount ROOT = mount(22, 1, "254:0", "/", "ext4");
  static final Mount HOST_PROC = mount(23, 22, "0:21", "/proc", "proc");
  static final Mount BOX_ROOT = mount(60, 1, "254:0", "/", "ext4");
  static final Mount INHERITED_PROC = mount(61, 60, "0:21", "/proc", "proc");
  static final Mount OWN_PROC = mount(62, 61, "0:57", "/proc", "proc");

  private Hosts() {}

  static Mount mount(int id, int parent, String device, String at, String type) {
    return new Mount(id, parent, device, "/", at, "rw", List.of(), type, "none", "rw");
  }

  static ProcessInfo process(int pid, int ppid, NamespaceSet namespaces, Integer... pids) {
    return new ProcessInfo(
        pid, ppid, 0, 'S', "p" + pid, List.of("p" + pid), List.of(pids), namespaces, pid * 10L);
  }

  static ProcessInfo as(ProcessInfo p, char state, String name, String... argv) {
    return new ProcessInfo(
        p.pid(),
        p.ppid(),
        p.uid(),
        state,
        name,
        List.of(argv),
        p.pids(),
        p.namespaces(),
        p.startTicks());
  }

  static Snapshot snapshot(Map<Long, List<Mount>> mounts, ProcessInfo... processes) {
    return new Snapshot(Instant.EPOCH, HOST, List.of(processes), mounts);
  }

  /** Only the host itself: process 1 and a shell. */
  static Snapshot empty() {
    return snapshot(Map.of(200L, List.of(ROOT, HOST_PROC)), init(), shell());
  }

  static ProcessInfo init() {
    return process(1, 0, HOST, 1);
  }

  static ProcessInfo shell() {
    return process(50, 1, HOST, 50);
  }

  /** The container's first process. */
  static ProcessInfo first() {
    return process(8214, 50, BOX, 8214, 1);
  }

  /** Its child. */
  static ProcessInfo child() {
    return process(8215, 8214, BOX, 8215, 2);
  }

  /** Its grandchild, one pid namespace deeper. */
  static ProcessInfo grandchild() {
    return process(8216, 8215, INNER, 8216, 3, 1);
  }

  /** A container of three processes whose mount table is that. */
  static Snapshot withBox(Mount... table) {
    return snapshot(
        Map.of(200L, List.of(ROOT, HOST_PROC), 201L, List.of(table)),
        init(),
        shell(),
        process(60, 1, HOST, 60),
        first(),
        child(),
        grandchild());
  }
}
