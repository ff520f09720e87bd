package dev.terrarium.engine.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrarium.engine.syscall.Arg;
import dev.terrarium.engine.syscall.SyscallEvent;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CausesTest {

  private static final int STUB = 50;
  private static final int BOX = 8214;
  private static final Namespace BOX_PID = new Namespace(NamespaceType.PID, 101);
  private static final Namespace BOX_MNT = new Namespace(NamespaceType.MNT, 201);

  private static final SyscallEvent CLONE =
      Calling.clone(STUB, BOX, "CLONE_NEWPID", "CLONE_NEWNS", "CLONE_VFORK");
  private static final SyscallEvent EXEC =
      Calling.call(BOX, "execve", 0, new Arg.Text("/bin/sh"), new Arg.Words(List.of("sh")));
  private static final SyscallEvent KILL = Calling.kill(STUB, BOX, 9);
  private static final SyscallEvent WAIT = Calling.call(STUB, "wait4", BOX, new Arg.Int(BOX));

  private static Optional<SyscallEvent> causeOf(Change change, SyscallEvent... calls) {
    return Causes.attribute(List.of(change), List.of(calls)).getFirst().by();
  }

  private static Change added(String mountPoint) {
    return new Change.MountAdded(BOX_MNT, Hosts.mount(70, 1, "0:60", mountPoint, "proc"));
  }

  @Test
  void aProcessIsBornOfTheCloneThatReturnedItsNumber() {
    SyscallEvent other = Calling.clone(STUB, 9999);
    assertThat(causeOf(new Change.ProcessBorn(Hosts.first()), other, CLONE, EXEC)).contains(CLONE);
  }

  @Test
  void whatTheRestOfTheHostDoesHasNoRecordedCause() {
    assertThat(causeOf(new Change.ProcessBorn(Hosts.shell()), CLONE, EXEC)).isEmpty();
  }

  @Test
  void aNamespaceIsMadeByTheCloneWithItsFlag() {
    assertThat(causeOf(new Change.NamespaceMade(BOX_PID, Hosts.first()), CLONE)).contains(CLONE);
    Namespace uts = new Namespace(NamespaceType.UTS, 301);
    assertThat(causeOf(new Change.NamespaceMade(uts, Hosts.first()), CLONE)).isEmpty();
  }

  @Test
  void aPidNamespaceMadeByUnshareGetsItsFirstMemberWithTheNextClone() {
    SyscallEvent unshare =
        Calling.call(STUB, "unshare", 0, new Arg.Flags(1, List.of("CLONE_NEWPID")));
    SyscallEvent plain = Calling.clone(STUB, BOX);
    assertThat(causeOf(new Change.NamespaceMade(BOX_PID, Hosts.first()), unshare, plain))
        .contains(unshare);
  }

  @Test
  void aProcessMovesBySetns() {
    SyscallEvent setns =
        Calling.call(STUB, "setns", 0, new Arg.Int(7), new Arg.Flags(1, List.of("CLONE_NEWNS")));
    Change moved =
        new Change.NamespaceEntered(Hosts.shell(), new Namespace(NamespaceType.MNT, 200), BOX_MNT);
    assertThat(causeOf(moved, CLONE, setns)).contains(setns);
  }

  @Test
  void theNewestOfSeveralCallsCounts() {
    SyscallEvent again = Calling.clone(51, BOX, "CLONE_NEWPID");
    assertThat(causeOf(new Change.ProcessBorn(Hosts.first()), CLONE, again)).contains(again);
  }

  @Test
  void aCallThatWasRefusedExplainsNothing() {
    assertThat(
            causeOf(new Change.ProcessExeced(Hosts.first(), Hosts.first()), Calling.refused(EXEC)))
        .isEmpty();
  }

  @Test
  void anotherProgramComesFromExecve() {
    assertThat(causeOf(new Change.ProcessExeced(Hosts.first(), Hosts.first()), CLONE, EXEC))
        .contains(EXEC);
  }

  @Test
  void anEndIsTheSignalRatherThanTheWaitThatFollowed() {
    assertThat(causeOf(new Change.ProcessEnded(Hosts.first()), KILL, WAIT)).contains(KILL);
  }

  @Test
  void aSignalThatOnlyAsksOrWakesIsNoEnd() {
    SyscallEvent probe = Calling.kill(STUB, BOX, 0);
    SyscallEvent wake = Calling.kill(STUB, BOX, 18);
    assertThat(causeOf(new Change.ProcessEnded(Hosts.first()), probe, wake)).isEmpty();
  }

  @Test
  void aZombieGoesWhenItIsWaitedFor() {
    ProcessInfo zombie = Hosts.as(Hosts.first(), 'Z', "sh");
    assertThat(causeOf(new Change.ProcessEnded(zombie), KILL, WAIT)).contains(WAIT);
  }

  @Test
  void withProcessOneGoAllOthersAndTheirNamespace() {
    List<Change> changes =
        List.of(
            new Change.ProcessEnded(Hosts.first()),
            new Change.ProcessEnded(Hosts.child()),
            new Change.NamespaceGone(BOX_PID));
    assertThat(Causes.attribute(changes, List.of(CLONE, EXEC, KILL)))
        .extracting(Caused::by)
        .containsOnly(Optional.of(KILL));
  }

  @Test
  void stoppingAndWakingAreSignals() {
    SyscallEvent stop = Calling.kill(STUB, BOX, 19);
    SyscallEvent wake = Calling.kill(STUB, BOX, 18);
    ProcessInfo stopped = Hosts.as(Hosts.first(), 'T', "sh", "sh");
    assertThat(causeOf(new Change.StateChanged(Hosts.first(), stopped), stop, wake)).contains(stop);
    assertThat(causeOf(new Change.StateChanged(stopped, Hosts.first()), stop, wake)).contains(wake);
  }

  @Test
  void aMountIsMadeByTheMountThatNamesItsPlace() {
    SyscallEvent proc = Calling.mount(BOX, "proc", "/proc", "proc");
    SyscallEvent tmp = Calling.mount(BOX, "tmpfs", "/tmp", "tmpfs");
    assertThat(causeOf(added("/proc"), proc, tmp)).contains(proc);
    assertThat(causeOf(added("/sys"), proc, tmp)).isEmpty();
  }

  @Test
  void afterPivotRootPlacesHaveTheirNewNames() {
    SyscallEvent overlay = Calling.mount(BOX, "overlay", "/run/box/merged", "overlay");
    SyscallEvent proc = Calling.mount(BOX, "proc", "/run/box/merged/proc", "proc");
    SyscallEvent enter = Calling.call(BOX, "chdir", 0, new Arg.Text("/run/box/merged"));
    SyscallEvent pivot = Calling.pivotRoot(BOX, ".");
    assertThat(causeOf(added("/proc"), overlay, proc, enter, pivot)).contains(proc);
    assertThat(causeOf(added("/"), overlay, proc, enter, pivot)).contains(overlay);
  }

  @Test
  void anUnmountedTreeTakesAlongWhatIsBelow() {
    SyscallEvent umount =
        Calling.call(
            BOX, "umount2", 0, new Arg.Text("/old"), new Arg.Flags(2, List.of("MNT_DETACH")));
    Change removed =
        new Change.MountRemoved(BOX_MNT, Hosts.mount(23, 22, "0:21", "/old/proc", "proc"));
    assertThat(causeOf(removed, umount)).contains(umount);
  }

  @Test
  void propagationChangesByTheMountAboveThatIsRecursive() {
    SyscallEvent quiet = Calling.mount(BOX, "none", "/", "", "MS_REC", "MS_PRIVATE");
    Mount shared =
        new Mount(
            22, 1, "254:0", "/", "/boot", "rw", List.of("shared:1"), "ext4", "/dev/vda1", "rw");
    Mount own = new Mount(22, 1, "254:0", "/", "/boot", "rw", List.of(), "ext4", "/dev/vda1", "rw");
    assertThat(causeOf(new Change.MountChanged(BOX_MNT, shared, own), quiet)).contains(quiet);
  }

  @Test
  void theStoryOfAContainerIsExplainedFromEndToEnd() {
    Snapshot before = Hosts.snapshot(Map.of(), Hosts.init(), Hosts.shell());
    Snapshot after = Hosts.snapshot(Map.of(), Hosts.init(), Hosts.shell(), Hosts.first());
    assertThat(Causes.attribute(SnapshotDiff.between(before, after), List.of(CLONE)))
        .hasSize(3)
        .allMatch(caused -> caused.by().equals(Optional.of(CLONE)));
  }
}
