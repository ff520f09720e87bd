package dev.terrarium.engine.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** The observer against the real kernel, and against what other programs say about it. */
class LiveObserverTest {

  private static final List<String> HOST_PROC = List.of("--pid", "--mount");
  private static final List<String> OWN_PROC = List.of("--pid", "--mount-proc");
  private static final List<String> ROOTLESS =
      List.of("--user", "--map-root-user", "--pid", "--mount-proc", "--uts", "--ipc");
  private static final String CHILD = "sleep 1000 </dev/null >/dev/null &";

  private final Observer observer = new Observer();

  /** A person's machine may lack the rights; in CI a test that cannot run is a test that fails. */
  @BeforeAll
  static void needsNamespaces() {
    boolean allowed;
    try (Unshared probe = Unshared.start(ROOTLESS, "")) {
      allowed = probe.pid() > 0;
    } catch (IOException e) {
      allowed = false;
    }
    assumeTrue(allowed || System.getenv("CI") != null, "user namespaces are not allowed here");
  }

  private static void needsRoot() throws IOException {
    boolean root = Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    assumeTrue(root || System.getenv("CI") != null, "needs root");
  }

  private static String link(int pid, String kind) throws IOException {
    return Files.readSymbolicLink(Path.of("/proc/" + pid + "/ns/" + kind)).toString();
  }

  private static List<Integer> nsPids(int pid) throws IOException {
    String line =
        Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
            .filter(l -> l.startsWith("NSpid:"))
            .findFirst()
            .orElseThrow();
    return Arrays.stream(line.substring(6).strip().split("\\s+", -1))
        .map(Integer::valueOf)
        .toList();
  }

  @Test
  void thisVeryProcessIsSeenAsItSeesItself() throws Exception {
    Snapshot host = observer.observe();
    ProcessHandle handle = ProcessHandle.current();
    ProcessInfo self = host.process((int) handle.pid()).orElseThrow();
    assertThat(self.ppid()).isEqualTo((int) handle.parent().orElseThrow().pid());
    assertThat(self.uid()).isEqualTo(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    assertThat(self.argv().getFirst()).isEqualTo(handle.info().command().orElseThrow());
    assertThat(self.namespaces()).isEqualTo(host.self());
    assertThat(self.argv().subList(1, self.argv().size()))
        .containsExactly(handle.info().arguments().orElseThrow());
  }

  @Test
  void numbersAndNamespacesAreTheKernels() throws Exception {
    try (Unshared box = Unshared.start(ROOTLESS, CHILD)) {
      ProcessInfo first = observer.observe().process(box.pid()).orElseThrow();
      assertThat(first.pids()).isEqualTo(nsPids(box.pid())).hasSize(2).last().isEqualTo(1);
      for (NamespaceType type : NamespaceType.values()) {
        assertThat(first.namespaces().get(type).orElseThrow())
            .hasToString(link(box.pid(), type.procName()));
      }
    }
  }

  @Test
  void theMountTableIsTheOneOfTheContainer() throws Exception {
    try (Unshared box = Unshared.start(ROOTLESS, "")) {
      Snapshot host = observer.observe();
      List<Mount> table = host.mountsOf(host.process(box.pid()).orElseThrow());
      List<String> lines = Files.readAllLines(Path.of("/proc/" + box.pid() + "/mountinfo"));
      assertThat(table)
          .extracting(m -> m.id() + " " + m.parentId() + " " + m.device())
          .containsExactlyElementsOf(
              lines.stream()
                  .map(l -> l.split(" ", 4))
                  .map(w -> w[0] + " " + w[1] + " " + w[2])
                  .toList());
    }
  }

  @Test
  void withItsOwnProcTheContainerSeesTwoProcesses() throws Exception {
    try (Unshared box = Unshared.start(ROOTLESS, CHILD)) {
      ProcessView inside = ProcessView.inside(observer.observe(), box.pid());
      assertThat(inside.procfs()).isEqualTo(ProcessView.Procfs.OWN);
      assertThat(inside.rows())
          .extracting(
              ProcessView.Row::pid,
              ProcessView.Row::ppid,
              ProcessView.Row::uid,
              ProcessView.Row::command)
          .containsExactly(
              tuple(1, 0, 0, inside.rows().getFirst().command()), tuple(2, 1, 0, "sleep 1000"));
    }
  }

  @Test
  void aPidNamespaceAloneLeavesTheHostsProcInPlace() throws Exception {
    needsRoot();
    try (Unshared box = Unshared.start(HOST_PROC, CHILD)) {
      Snapshot host = observer.observe();
      ProcessView inside = ProcessView.inside(host, box.pid());
      assertThat(inside.procfs()).isEqualTo(ProcessView.Procfs.HOST);
      assertThat(inside.device()).isEqualTo(inside.hostDevice()).isPresent();
      assertThat(inside.rows()).hasSameSizeAs(host.processes());
      assertThat(inside.numbers()).extracting(ProcessView.Row::pid).containsExactly(1, 2);
    }
  }

  @Test
  void aSecondProcfsOfTheSamePidNamespaceStillListsTheHost() throws Exception {
    needsRoot();
    try (Unshared box = Unshared.start(List.of("--mount-proc"), "")) {
      ProcessView inside = ProcessView.inside(observer.observe(), box.pid());
      assertThat(inside.procfs()).isEqualTo(ProcessView.Procfs.HOST);
      assertThat(inside.numbers()).isEmpty();
    }
  }

  @Test
  void aNestedPidNamespaceBelongsToTheOuterOneToo() throws Exception {
    needsRoot();
    String nested = "unshare --fork --pid --kill-child sh -c 'echo ready; read line'";
    try (Unshared box = Unshared.start(OWN_PROC, nested)) {
      Snapshot host = observer.observe();
      List<ProcessView.Row> members = ProcessView.inside(host, box.pid()).numbers();
      assertThat(members).extracting(ProcessView.Row::pid).containsExactly(1, 2, 3);
      ProcessInfo innermost = host.process(members.getLast().hostPid()).orElseThrow();
      assertThat(innermost.pids()).isEqualTo(nsPids(innermost.pid())).endsWith(3, 1);
    }
  }

  @Test
  void aContainersEndIsSeenAsItsProcessesAndNamespaces() throws Exception {
    Snapshot during;
    Namespace pidNs;
    try (Unshared box = Unshared.start(ROOTLESS, CHILD)) {
      during = observer.observe();
      pidNs =
          during.process(box.pid()).orElseThrow().namespaces().get(NamespaceType.PID).orElseThrow();
      assertThat(during.members(pidNs)).hasSize(2);
      box.release();
    }
    assertThat(SnapshotDiff.between(during, observer.observe()))
        .contains(new Change.NamespaceGone(pidNs))
        .filteredOn(change -> change instanceof Change.ProcessEnded)
        .extracting(change -> ((Change.ProcessEnded) change).process())
        .containsAll(during.members(pidNs));
  }

  /** lsns names each namespace by its inode and counts its members. */
  @Test
  void namespacesAndTheirMembersAreThoseThatLsnsCounts() throws Exception {
    try (Unshared box = Unshared.start(ROOTLESS, CHILD)) {
      Process lsns =
          new ProcessBuilder("lsns", "--json", "--output", "NS,TYPE,NPROCS")
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      Map<Long, Integer> counted = new TreeMap<>();
      JsonNode answer = new ObjectMapper().readTree(lsns.getInputStream());
      for (JsonNode line : answer.get("namespaces")) {
        counted.put(line.get("ns").asLong(), line.get("nprocs").asInt());
      }
      Snapshot host = observer.observe();
      ProcessInfo first = host.process(box.pid()).orElseThrow();
      for (Namespace namespace : first.namespaces().readable()) {
        assertThat(counted).containsKey(namespace.inode());
        if (namespace.inode() != host.self().inode(namespace.type())) {
          assertThat(host.members(namespace)).hasSize(counted.getOrDefault(namespace.inode(), 0));
        }
      }
    }
  }
}
