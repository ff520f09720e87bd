package dev.terrarium.engine.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SnapshotDiffTest {

  private static final Namespace BOX_PID = new Namespace(NamespaceType.PID, 101);
  private static final Namespace BOX_MNT = new Namespace(NamespaceType.MNT, 201);
  private static final Namespace HOST_MNT = new Namespace(NamespaceType.MNT, 200);

  private static Snapshot of(ProcessInfo... processes) {
    return Hosts.snapshot(Map.of(), processes);
  }

  private static Snapshot mounts(Mount... table) {
    return Hosts.snapshot(Map.of(200L, List.of(table)), Hosts.init());
  }

  @Test
  void nothingHappenedBetweenASnapshotAndItself() {
    Snapshot host = Hosts.withBox(Hosts.BOX_ROOT, Hosts.OWN_PROC);
    assertThat(SnapshotDiff.between(host, host)).isEmpty();
  }

  @Test
  void aNewContainerIsItsNamespacesThenItsProcess() {
    Snapshot before = of(Hosts.init());
    Snapshot after = of(Hosts.init(), Hosts.first());
    assertThat(SnapshotDiff.between(before, after))
        .containsExactly(
            new Change.NamespaceMade(BOX_PID, Hosts.first()),
            new Change.NamespaceMade(BOX_MNT, Hosts.first()),
            new Change.ProcessBorn(Hosts.first()));
  }

  @Test
  void anEndedContainerIsItsProcessThenItsNamespaces() {
    Snapshot before = of(Hosts.init(), Hosts.first());
    Snapshot after = of(Hosts.init());
    assertThat(SnapshotDiff.between(before, after))
        .containsExactly(
            new Change.ProcessEnded(Hosts.first()),
            new Change.NamespaceGone(BOX_PID),
            new Change.NamespaceGone(BOX_MNT));
  }

  @Test
  void aNumberThatIsUsedAgainIsAnotherProcess() {
    ProcessInfo old = Hosts.shell();
    ProcessInfo young =
        new ProcessInfo(50, 1, 0, 'S', "p50", List.of("p50"), List.of(50), Hosts.HOST, 99_999);
    assertThat(SnapshotDiff.between(of(old), of(young)))
        .containsExactly(new Change.ProcessBorn(young), new Change.ProcessEnded(old));
  }

  @Test
  void anotherCommandLineInTheSameProcessIsAnExec() {
    ProcessInfo stub = Hosts.first();
    ProcessInfo shell = Hosts.as(stub, 'S', "sh", "/bin/sh");
    assertThat(SnapshotDiff.between(of(stub), of(shell)))
        .containsExactly(new Change.ProcessExeced(stub, shell));
  }

  @Test
  void aKernelThreadThatIsRenamedAfterItsWorkDidNotExec() {
    ProcessInfo idle = Hosts.as(Hosts.shell(), 'I', "kworker/0:1-events");
    ProcessInfo busy = Hosts.as(Hosts.shell(), 'I', "kworker/0:1-writeback");
    assertThat(SnapshotDiff.between(of(idle), of(busy))).isEmpty();
  }

  @Test
  void runningAndSleepingAreNoChange() {
    ProcessInfo sleeping = Hosts.shell();
    ProcessInfo running = Hosts.as(sleeping, 'R', "p50", "p50");
    assertThat(SnapshotDiff.between(of(sleeping), of(running))).isEmpty();
  }

  @Test
  void stoppingAndContinuingAreChanges() {
    ProcessInfo runs = Hosts.shell();
    ProcessInfo stopped = Hosts.as(runs, 'T', "p50", "p50");
    assertThat(SnapshotDiff.between(of(runs), of(stopped)))
        .containsExactly(new Change.StateChanged(runs, stopped));
    assertThat(SnapshotDiff.between(of(stopped), of(runs)))
        .containsExactly(new Change.StateChanged(stopped, runs));
  }

  @Test
  void aZombieLosesItsCommandLineAndNamespacesWithoutExecOrMove() {
    ProcessInfo alive = Hosts.first();
    ProcessInfo zombie =
        new ProcessInfo(
            8214,
            50,
            0,
            'Z',
            "p8214",
            List.of(),
            List.of(8214, 1),
            new NamespaceSet(101, 0, 0, 0, 0, 600, 0, 0),
            82140);
    assertThat(SnapshotDiff.between(of(Hosts.init(), alive), of(Hosts.init(), zombie)))
        .containsExactly(new Change.StateChanged(alive, zombie), new Change.NamespaceGone(BOX_MNT));
  }

  @Test
  void movingIntoAnotherNamespaceIsSeenPerKind() {
    ProcessInfo inside = Hosts.process(50, 1, Hosts.BOX, 50);
    Snapshot before = of(Hosts.init(), Hosts.shell(), Hosts.first());
    Snapshot after = of(Hosts.init(), inside, Hosts.first());
    assertThat(SnapshotDiff.between(before, after))
        .containsExactly(
            new Change.NamespaceEntered(inside, new Namespace(NamespaceType.PID, 100), BOX_PID),
            new Change.NamespaceEntered(inside, HOST_MNT, BOX_MNT));
  }

  @Test
  void mountsComeAndGoWithinANamespaceThatStays() {
    assertThat(SnapshotDiff.between(mounts(Hosts.ROOT), mounts(Hosts.ROOT, Hosts.HOST_PROC)))
        .containsExactly(new Change.MountAdded(HOST_MNT, Hosts.HOST_PROC));
    assertThat(SnapshotDiff.between(mounts(Hosts.ROOT, Hosts.HOST_PROC), mounts(Hosts.ROOT)))
        .containsExactly(new Change.MountRemoved(HOST_MNT, Hosts.HOST_PROC));
  }

  @Test
  void aMountThatMovedIsTheSameMount() {
    Mount below = Hosts.mount(70, 22, "0:60", "/run/box/merged", "overlay");
    Mount root = Hosts.mount(70, 1, "0:60", "/", "overlay");
    assertThat(SnapshotDiff.between(mounts(below), mounts(root)))
        .containsExactly(new Change.MountChanged(HOST_MNT, below, root));
  }

  @Test
  void aMountIdThatIsUsedAgainIsAnotherMount() {
    Mount old = Hosts.mount(70, 22, "0:60", "/a", "overlay");
    Mount young = Hosts.mount(70, 22, "0:61", "/b", "tmpfs");
    assertThat(SnapshotDiff.between(mounts(old), mounts(young)))
        .containsExactly(
            new Change.MountAdded(HOST_MNT, young), new Change.MountRemoved(HOST_MNT, old));
  }

  @Test
  void theMountsOfANewNamespaceAreNotListedOneByOne() {
    assertThat(SnapshotDiff.between(Hosts.empty(), Hosts.withBox(Hosts.BOX_ROOT, Hosts.OWN_PROC)))
        .isNotEmpty()
        .noneMatch(Change.MountAdded.class::isInstance);
  }
}
