package dev.terrarium.engine.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.terrarium.engine.observe.Difference.Kind;
import dev.terrarium.engine.syscall.SyscallEvent;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DifferencesTest {

  private static final int BOX = 8214;
  private static final SyscallEvent CLONE = Calling.clone(50, BOX, "CLONE_NEWPID", "CLONE_NEWNS");
  private static final SyscallEvent PROC = Calling.mount(BOX, "proc", "/proc", "proc");

  private static Difference only(Kind kind, List<Difference> all) {
    assertThat(all).filteredOn(d -> d.kind() == kind).hasSize(1);
    return all.stream().filter(d -> d.kind() == kind).findFirst().orElseThrow();
  }

  @Test
  void eachProcessInsideHasTwoNumbersBecauseOfTheClone() {
    Snapshot host = Hosts.withBox(Hosts.BOX_ROOT, Hosts.INHERITED_PROC, Hosts.OWN_PROC);
    assertThat(Differences.between(host, BOX, List.of(CLONE, PROC)))
        .filteredOn(d -> d.kind() == Kind.TWO_NUMBERS)
        .extracting(
            Difference::hostValue,
            Difference::containerValue,
            d -> d.hostNs().orElseThrow().inode(),
            d -> d.containerNs().orElseThrow().inode(),
            Difference::madeBy)
        .containsExactly(
            tuple("8214", "1", 100L, 101L, Optional.of(CLONE)),
            tuple("8215", "2", 100L, 101L, Optional.of(CLONE)),
            tuple("8216", "3", 100L, 101L, Optional.of(CLONE)));
  }

  @Test
  void untilProcIsMountedAnewItListsTheHostAndNoCallIsToBlame() {
    Snapshot host = Hosts.withBox(Hosts.BOX_ROOT, Hosts.INHERITED_PROC);
    Difference proc = only(Kind.PROC_SHOWS_HOST, Differences.between(host, BOX, List.of(CLONE)));
    assertThat(proc.hostValue()).isEqualTo("0:21").isEqualTo(proc.containerValue());
    assertThat(proc.madeBy()).isEmpty();
  }

  @Test
  void theHostsProcMayBeThereBecauseItWasBound() {
    SyscallEvent bind = Calling.mount(BOX, "/proc", "/run/m/proc", "", "MS_BIND", "MS_REC");
    SyscallEvent pivot = Calling.pivotRoot(BOX, "/run/m");
    Snapshot host = Hosts.withBox(Hosts.BOX_ROOT, Hosts.INHERITED_PROC);
    assertThat(
            only(Kind.PROC_SHOWS_HOST, Differences.between(host, BOX, List.of(CLONE, bind, pivot)))
                .madeBy())
        .contains(bind);
  }

  @Test
  void onceProcIsMountedItListsTheContainer() {
    Snapshot host = Hosts.withBox(Hosts.BOX_ROOT, Hosts.INHERITED_PROC, Hosts.OWN_PROC);
    Difference proc =
        only(Kind.PROC_SHOWS_OWN, Differences.between(host, BOX, List.of(CLONE, PROC)));
    assertThat(proc.hostValue()).isEqualTo("0:21");
    assertThat(proc.containerValue()).isEqualTo("0:57");
    assertThat(proc.madeBy()).contains(PROC);
  }

  @Test
  void aContainerWithoutProcfsHasNoneToCompare() {
    Snapshot host = Hosts.withBox(Hosts.BOX_ROOT);
    assertThat(only(Kind.PROC_MISSING, Differences.between(host, BOX, List.of())).containerValue())
        .isEmpty();
  }

  @Test
  void anotherRootIsThereSincePivotRoot() {
    SyscallEvent pivot = Calling.pivotRoot(BOX, "/run/m");
    Snapshot host = Hosts.withBox(Hosts.mount(90, 1, "0:60", "/", "overlay"));
    Difference root = only(Kind.ROOT, Differences.between(host, BOX, List.of(CLONE, pivot)));
    assertThat(root.hostValue()).isEqualTo("ext4 254:0");
    assertThat(root.containerValue()).isEqualTo("overlay 0:60");
    assertThat(root.madeBy()).contains(pivot);
  }

  @Test
  void twoMountTablesAreComparedByWhatIsMountedWhereNotById() {
    Snapshot host = Hosts.withBox(Hosts.BOX_ROOT, Hosts.INHERITED_PROC, Hosts.OWN_PROC);
    Difference table = only(Kind.MOUNT_TABLE, Differences.between(host, BOX, List.of(CLONE)));
    assertThat(table.hostValue()).isEqualTo("0");
    assertThat(table.containerValue()).isEqualTo("1");
    assertThat(table.madeBy()).contains(CLONE);
  }

  @Test
  void otherNamespacesDifferByTheirNumbers() {
    NamespaceSet all = new NamespaceSet(101, 201, 301, 401, 501, 601, 701, 801);
    ProcessInfo first =
        new ProcessInfo(BOX, 1, 1000, 'S', "sh", List.of("sh"), List.of(BOX, 1), all, 5);
    Snapshot plain = Hosts.snapshot(Map.of(), Hosts.init(), first);
    Snapshot host =
        new Snapshot(
            plain.at(),
            plain.self(),
            plain.processes(),
            plain.mounts(),
            Map.of(),
            Map.of(601L, List.of(new IdMapping(0, 1000, 1))));
    assertThat(Differences.between(host, BOX, List.of()))
        .extracting(Difference::kind, Difference::hostValue, Difference::containerValue)
        .contains(
            tuple(Kind.UTS, "300", "301"),
            tuple(Kind.IPC, "400", "401"),
            tuple(Kind.NETWORK, "500", "501"),
            tuple(Kind.USER, "1000", "0"),
            tuple(Kind.CGROUP, "700", "701"),
            tuple(Kind.TIME, "800", "801"));
  }

  @Test
  void aProcessOfTheHostDiffersInNothing() {
    Snapshot host = Hosts.withBox(Hosts.BOX_ROOT, Hosts.OWN_PROC);
    assertThat(Differences.between(host, 50, List.of(CLONE))).isEmpty();
  }

  @Test
  void unreadableNamespacesAreNotTakenForOthers() {
    Snapshot host =
        Hosts.snapshot(
            Map.of(200L, List.of(Hosts.ROOT, Hosts.HOST_PROC)),
            Hosts.init(),
            Hosts.process(77, 1, NamespaceSet.UNREADABLE, 77));
    assertThat(Differences.between(host, 77, List.of())).isEmpty();
  }
}
