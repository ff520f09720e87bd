package dev.terrarium.engine.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrarium.engine.cgroup.CgroupUsage.PressureOn;
import dev.terrarium.engine.spec.Limits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One model of limits and usage, in the files of both versions. */
class DriverTest {
  @TempDir Path folder;

  /** The root folder of that recorded host. */
  private Path root(String host) {
    Path root = folder.resolve(host);
    return Files.exists(root) ? root : FixtureHost.unpack(host, root);
  }

  private Path mounted(String host) {
    return root(host).resolve("sys/fs/cgroup");
  }

  private static final String BOX = "terrarium/7-9/box";
  private static final long MIB = Sample.MIB;

  private Driver driver(String host) {
    Delegation delegation = Delegation.of(Cgroups.find(root(host)), file -> true);
    return ((Delegation.Granted) delegation).driver();
  }

  /** What would be typed, without the way to the hierarchies. */
  private List<String> typed(String host, List<Edit> edits) {
    return edits.stream().map(edit -> edit.byHand().replace(mounted(host) + "/", "")).toList();
  }

  @Test
  void versionTwoHandsControllersDownToALeaf() {
    Cgroup box = Cgroup.of(driver("v2"), "7-9", "box");
    String all = "'+cpu +cpuset +memory +pids +io'";
    assertThat(typed("v2", box.makeParents()))
        .containsExactly(
            "mkdir terrarium",
            "echo " + all + " > cgroup.subtree_control",
            "echo " + all + " > terrarium/cgroup.subtree_control",
            "mkdir terrarium/7-9",
            "echo " + all + " > terrarium/7-9/cgroup.subtree_control");
    assertThat(typed("v2", box.make(Limits.COUNTED))).containsExactly("mkdir " + BOX);
    assertThat(typed("v2", box.enter(4711)))
        .containsExactly("echo 4711 > " + BOX + "/cgroup.procs");
  }

  @Test
  void whatIsHandedDownAlreadyIsLeftAlone() {
    V2 some = new V2(mounted("v2"), Set.of("cpu", "memory"));
    assertThat(some.makeInner("terrarium").get(1).needed()).isFalse();
    assertThat(driver("v2").makeInner("terrarium").get(1).needed()).isTrue();
  }

  @Test
  void versionTwoSaysLimitsSo() {
    assertThat(typed("v2", driver("v2").limit(BOX, Limits.NONE, Sample.LIMITS)))
        .containsExactly(
            "echo '20000 100000' > " + BOX + "/cpu.max",
            "echo 50 > " + BOX + "/cpu.weight",
            "echo 0-1 > " + BOX + "/cpuset.cpus",
            "echo 67108864 > " + BOX + "/memory.max",
            "echo 33554432 > " + BOX + "/memory.swap.max",
            "echo 32 > " + BOX + "/pids.max",
            "echo '8:0 rbps=1048576 wbps=max riops=max wiops=max' > " + BOX + "/io.max");
  }

  @Test
  void versionTwoTakesLimitsBackSo() {
    assertThat(typed("v2", driver("v2").limit(BOX, Sample.LIMITS, Limits.NONE)))
        .containsExactly(
            "echo 'max 100000' > " + BOX + "/cpu.max",
            "echo 100 > " + BOX + "/cpu.weight",
            "echo > " + BOX + "/cpuset.cpus",
            "echo max > " + BOX + "/memory.max",
            "echo max > " + BOX + "/memory.swap.max",
            "echo max > " + BOX + "/pids.max",
            "echo '8:0 rbps=max wbps=max riops=max wiops=max' > " + BOX + "/io.max");
  }

  @Test
  void versionOneIsAFolderInEachHierarchyAndNeedsProcessorsBeforeProcesses() {
    Cgroup box = Cgroup.of(driver("hybrid"), "7-9", "box");
    assertThat(typed("hybrid", box.make(Limits.COUNTED)))
        .containsExactly(
            "mkdir cpu,cpuacct/" + BOX,
            "mkdir cpuset/" + BOX,
            "mkdir memory/" + BOX,
            "mkdir pids/" + BOX,
            "mkdir blkio/" + BOX,
            "mkdir unified/" + BOX,
            "mkdir freezer/" + BOX,
            "echo 0 > cpuset/" + BOX + "/cpuset.mems",
            "echo 0-3 > cpuset/" + BOX + "/cpuset.cpus");
    assertThat(typed("hybrid", box.enter(4711)))
        .hasSize(7)
        .contains("echo 4711 > memory/" + BOX + "/cgroup.procs");
    assertThat(typed("hybrid", box.makeParents()))
        .contains("mkdir memory/terrarium", "mkdir memory/terrarium/7-9")
        .contains("echo 0-3 > cpuset/terrarium/7-9/cpuset.cpus");
  }

  @Test
  void versionOneSaysLimitsSo() {
    assertThat(typed("hybrid", driver("hybrid").limit(BOX, Limits.NONE, Sample.LIMITS)))
        .containsExactly(
            "echo 20000 > cpu,cpuacct/" + BOX + "/cpu.cfs_quota_us",
            "echo 512 > cpu,cpuacct/" + BOX + "/cpu.shares",
            "echo 0-1 > cpuset/" + BOX + "/cpuset.cpus",
            "echo 67108864 > memory/" + BOX + "/memory.limit_in_bytes",
            "echo 100663296 > memory/" + BOX + "/memory.memsw.limit_in_bytes",
            "echo 32 > pids/" + BOX + "/pids.max",
            "echo '8:0 1048576' > blkio/" + BOX + "/blkio.throttle.read_bps_device");
  }

  @Test
  void versionOneTakesLimitsBackSo() {
    assertThat(typed("hybrid", driver("hybrid").limit(BOX, Sample.LIMITS, Limits.NONE)))
        .containsExactly(
            "echo -1 > cpu,cpuacct/" + BOX + "/cpu.cfs_quota_us",
            "echo 1024 > cpu,cpuacct/" + BOX + "/cpu.shares",
            "echo 0-3 > cpuset/" + BOX + "/cpuset.cpus",
            "echo -1 > memory/" + BOX + "/memory.memsw.limit_in_bytes",
            "echo -1 > memory/" + BOX + "/memory.limit_in_bytes",
            "echo max > pids/" + BOX + "/pids.max",
            "echo '8:0 0' > blkio/" + BOX + "/blkio.throttle.read_bps_device");
  }

  @Test
  void memoryWithSwapIsNeverLessThanMemoryOnTheWay() {
    Limits small = Sample.LIMITS;
    Limits large = small.withMemoryBytes(256 * MIB);
    assertThat(typed("hybrid", driver("hybrid").limit(BOX, small, large)))
        .containsExactly(
            "echo 301989888 > memory/" + BOX + "/memory.memsw.limit_in_bytes",
            "echo 268435456 > memory/" + BOX + "/memory.limit_in_bytes");
    assertThat(typed("hybrid", driver("hybrid").limit(BOX, large, small)))
        .containsExactly(
            "echo 67108864 > memory/" + BOX + "/memory.limit_in_bytes",
            "echo 100663296 > memory/" + BOX + "/memory.memsw.limit_in_bytes");
  }

  @ParameterizedTest
  @ValueSource(strings = {"v2", "hybrid"})
  void onlyWhatDiffersIsWritten(String host) {
    assertThat(driver(host).limit(BOX, Sample.LIMITS, Sample.LIMITS)).isEmpty();
    assertThat(driver(host).limit(BOX, Sample.LIMITS, Sample.LIMITS.withPids(33)))
        .singleElement()
        .isInstanceOfSatisfying(
            Edit.Write.class, write -> assertThat(write.value()).isEqualTo("33"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"v2", "hybrid"})
  void limitsAreReadBack(String host) {
    assertThat(driver(host).limits(BOX)).isEqualTo(Sample.LIMITS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"v2", "hybrid"})
  void usageIsTheSameInBothVersions(String host) {
    CgroupUsage usage = driver(host).usage(BOX);
    assertThat(usage.cpu())
        .hasValue(new CgroupUsage.Cpu(1_500_000, 1_000_000, 500_000, 40, 30, 2_500_000));
    assertThat(usage.memory())
        .hasValue(
            new CgroupUsage.Memory(
                8 * MIB, OptionalLong.of(64 * MIB), OptionalLong.of(64 * MIB), MIB, 12, 2));
    assertThat(usage.pids()).hasValue(new CgroupUsage.Pids(3, OptionalLong.of(32), 5));
    assertThat(usage.io()).containsExactly(new CgroupUsage.Io("8:0", 4096, 8192, 1, 2));
    assertThat(usage.oomKills()).isEqualTo(2);
    assertThat(usage.pressure()).containsOnlyKeys(PressureOn.CPU, PressureOn.MEMORY);
    assertThat(usage.pressure().get(PressureOn.CPU))
        .extracting(CgroupUsage.Pressure::some)
        .isEqualTo(new CgroupUsage.Stall(1.5, 0.2, 0, 250_000));
    assertThat(driver(host).frozen(BOX)).isTrue();
    assertThat(driver(host).processors(BOX)).isEqualTo("0-1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"v2", "hybrid"})
  void memoryConsistsOfTheSameInBothVersions(String host) {
    MemoryStat stat = driver(host).memoryStat(BOX);
    assertThat(stat.anon()).isEqualTo(3 * MIB);
    assertThat(stat.file()).isEqualTo(4 * MIB);
    assertThat(stat.inactiveFile()).isEqualTo(3 * MIB);
  }

  @Test
  void aTreeHasMembersAndChildren() {
    CgroupTree tree = CgroupTree.read(driver("v2"), "terrarium/7-9");
    assertThat(tree.pids()).isEmpty();
    assertThat(tree.children())
        .singleElement()
        .satisfies(box -> {
          assertThat(box.path()).isEqualTo(BOX);
          assertThat(box.pids()).containsExactly(4711, 4712);
          assertThat(box.children()).extracting(CgroupTree::pids).containsExactly(List.of(4713));
        });
  }

  @Test
  void aCgroupThatIsGoneIsEmpty() {
    CgroupTree gone = CgroupTree.read(driver("v2"), "terrarium/7-9/gone");
    assertThat(gone.folders()).isEmpty();
    assertThat(gone.usage().cpu()).isEmpty();
    assertThat(gone.usage().oomKills()).isZero();
    assertThat(new Cgroup(driver("v2"), "terrarium/7-9/gone").files()).isEmpty();
  }

  @Test
  void theRawFilesAreThere() {
    Cgroup box = Cgroup.of(driver("hybrid"), "7-9", "box");
    Path memory = mounted("hybrid").resolve("memory").resolve(BOX);
    assertThat(box.files()).containsEntry(memory.resolve("memory.limit_in_bytes"), "67108864");
  }
}
