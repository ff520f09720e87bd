package dev.terrarium.engine.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProcessViewTest {

  private static final int CONTAINER = 8214;

  private final Snapshot ownProc =
      Hosts.withBox(Hosts.BOX_ROOT, Hosts.INHERITED_PROC, Hosts.OWN_PROC);
  private final Snapshot hostProc = Hosts.withBox(Hosts.BOX_ROOT, Hosts.INHERITED_PROC);

  @Test
  void theHostSeesAllParentsBeforeTheirChildren() {
    assertThat(ProcessView.host(ownProc, CONTAINER).rows())
        .extracting(
            ProcessView.Row::pid,
            ProcessView.Row::ppid,
            ProcessView.Row::depth,
            ProcessView.Row::ours)
        .containsExactly(
            tuple(1, 0, 0, false),
            tuple(50, 1, 1, false),
            tuple(8214, 50, 2, true),
            tuple(8215, 8214, 3, true),
            tuple(8216, 8215, 4, true),
            tuple(60, 1, 1, false));
  }

  @Test
  void withoutAContainerNothingIsOurs() {
    assertThat(ProcessView.host(ownProc).rows()).hasSize(6).noneMatch(ProcessView.Row::ours);
    assertThat(ProcessView.host(ownProc).numbers()).isEmpty();
  }

  @Test
  void behindItsOwnProcfsTheContainerSeesOnlyItselfAndWithItsOwnNumbers() {
    ProcessView inside = ProcessView.inside(ownProc, CONTAINER);
    assertThat(inside.procfs()).isEqualTo(ProcessView.Procfs.OWN);
    assertThat(inside.rows())
        .extracting(
            ProcessView.Row::hostPid,
            ProcessView.Row::pid,
            ProcessView.Row::ppid,
            ProcessView.Row::depth)
        .containsExactly(tuple(8214, 1, 0, 0), tuple(8215, 2, 1, 1), tuple(8216, 3, 2, 2));
  }

  @Test
  void behindTheHostsProcfsTheContainerSeesTheHost() {
    ProcessView inside = ProcessView.inside(hostProc, CONTAINER);
    assertThat(inside.procfs()).isEqualTo(ProcessView.Procfs.HOST);
    assertThat(inside.device()).contains("0:21").isEqualTo(inside.hostDevice());
    assertThat(inside.rows()).isEqualTo(ProcessView.host(hostProc, CONTAINER).rows());
  }

  @Test
  void itsOwnNumbersDoNotDependOnWhatIsMounted() {
    assertThat(ProcessView.inside(hostProc, CONTAINER).numbers())
        .isEqualTo(ProcessView.inside(ownProc, CONTAINER).numbers())
        .extracting(ProcessView.Row::pid)
        .containsExactly(1, 2, 3);
  }

  @Test
  void withoutAProcfsPsListsNothing() {
    ProcessView inside = ProcessView.inside(Hosts.withBox(Hosts.BOX_ROOT), CONTAINER);
    assertThat(inside.procfs()).isEqualTo(ProcessView.Procfs.NONE);
    assertThat(inside.rows()).isEmpty();
    assertThat(inside.numbers()).hasSize(3);
  }

  @Test
  void anotherFileSystemAtProcCoversTheProcfsBelow() {
    Mount cover = Hosts.mount(63, 62, "0:70", "/proc", "tmpfs");
    Snapshot covered = Hosts.withBox(Hosts.BOX_ROOT, Hosts.INHERITED_PROC, Hosts.OWN_PROC, cover);
    assertThat(ProcessView.inside(covered, CONTAINER).procfs()).isEqualTo(ProcessView.Procfs.NONE);
  }

  @Test
  void aSecondInstanceOfTheHostsProcfsHasAnotherDeviceAndStillListsTheHost() {
    Snapshot known = knowing(ownProc, Map.of("0:57", Hosts.HOST.pid()));
    ProcessView inside = ProcessView.inside(known, CONTAINER);
    assertThat(inside.procfs()).isEqualTo(ProcessView.Procfs.HOST);
    assertThat(inside.device()).contains("0:57");
    assertThat(inside.rows()).hasSize(6);
  }

  @Test
  void theProcfsOfAPidNamespaceBetweenListsWhatThatOneHolds() {
    Snapshot known = knowing(ownProc, Map.of("0:57", Hosts.BOX.pid()));
    ProcessView innermost = ProcessView.inside(known, 8216);
    assertThat(innermost.procfs()).isEqualTo(ProcessView.Procfs.OTHER);
    assertThat(innermost.rows()).extracting(ProcessView.Row::pid).containsExactly(1, 2, 3);
    assertThat(innermost.numbers()).extracting(ProcessView.Row::pid).containsExactly(1);
  }

  @Test
  void usersAreSeenThroughTheContainersUserNamespace() {
    NamespaceSet rootless = new NamespaceSet(101, 201, 300, 400, 500, 601, 700, 800);
    ProcessInfo first =
        new ProcessInfo(
            CONTAINER, 1, 1000, 'S', "sh", List.of("sh"), List.of(CONTAINER, 1), rootless, 5);
    Snapshot plain =
        Hosts.snapshot(
            Map.of(201L, List.of(Hosts.BOX_ROOT, Hosts.INHERITED_PROC)), Hosts.init(), first);
    Snapshot mapped =
        new Snapshot(
            plain.at(),
            plain.self(),
            plain.processes(),
            plain.mounts(),
            Map.of("0:21", 100L),
            Map.of(601L, List.of(new IdMapping(0, 1000, 1))));
    assertThat(ProcessView.inside(mapped, CONTAINER).rows())
        .extracting(ProcessView.Row::hostPid, ProcessView.Row::uid)
        .containsExactly(tuple(1, IdMapping.OVERFLOW), tuple(CONTAINER, 0));
  }

  @Test
  void aContainerThatIsGoneSeesNothing() {
    assertThat(ProcessView.inside(Hosts.empty(), CONTAINER).rows()).isEmpty();
  }

  @Test
  void siblingsOfEqualDepthAreNotTakenForMembers() {
    NamespaceSet sibling = new NamespaceSet(109, 209, 300, 400, 500, 600, 700, 800);
    Snapshot two =
        Hosts.snapshot(
            Map.of(),
            Hosts.init(),
            Hosts.shell(),
            Hosts.first(),
            Hosts.process(9000, 50, sibling, 9000, 1));
    assertThat(ProcessView.inside(two, CONTAINER).numbers())
        .extracting(ProcessView.Row::hostPid)
        .containsExactly(CONTAINER);
  }

  private static Snapshot knowing(Snapshot s, Map<String, Long> procfs) {
    return new Snapshot(s.at(), s.self(), s.processes(), s.mounts(), procfs, Map.of());
  }
}
