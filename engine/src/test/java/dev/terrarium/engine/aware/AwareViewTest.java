package dev.terrarium.engine.aware;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrarium.engine.cgroup.Cgroup;
import dev.terrarium.engine.cgroup.V1;
import dev.terrarium.engine.cgroup.V2;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a container is told of its cgroup, from the files of a host that was laid out by hand. */
class AwareViewTest {
  private static final String BOX = "terrarium/7-9/box";

  @TempDir Path root;

  @BeforeEach
  void aHostOfFourProcessorsUpForAThousandSeconds() throws IOException {
    file(
        "proc/meminfo",
        """
        MemTotal:       16000000 kB
        MemFree:         9000000 kB
        MemAvailable:   12000000 kB
        Buffers:          400000 kB
        Cached:          3000000 kB
        SwapTotal:       2000000 kB
        SwapFree:        1500000 kB
        Active(file):    1000000 kB
        Shmem:             70000 kB
        SReclaimable:     200000 kB
        KernelStack:        9000 kB
        VmallocTotal:   34359738367 kB
        HugePages_Total:       0
        """);
    file("proc/cpuinfo", cpu(0) + cpu(1) + cpu(2) + cpu(3));
    file("proc/stat", "cpu  9 9 9 9\nintr 4711\nbtime 1700000000\nprocesses 99999\n");
    file("proc/diskstats", "   8       0 sda 1 2 3 4 5 6 7 8 9 10 11\n   8      16 sdb 1 2 3\n");
    file("sys/devices/system/cpu/online", "0-3\n");
    time(1000);
    process(100, 90_000, "S (sleeping)", 1);
    process(101, 95_000, "R (running)", 7);
  }

  private void file(String path, String content) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  private static String cpu(int number) {
    return "processor\t: %1$d\nmodel name\t: Glass %1$d\ncpu cores\t: 4\n\n".formatted(number);
  }

  private void time(int seconds) throws IOException {
    file("proc/uptime", seconds + ".00 9999.00\n");
  }

  private void process(int pid, int startTicks, String state, int inside) throws IOException {
    file(
        "proc/" + pid + "/stat",
        pid + " (a ) b) S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 0 0 0 0 " + startTicks + " 0");
    String status = "Name:\tx\nState:\t" + state + "\nNSpid:\t" + pid + "\t" + inside + "\n";
    file("proc/" + pid + "/status", status);
    file("proc/" + pid + "/task/" + pid + "/status", status);
  }

  /** Version 2: 64 MiB and half a processor of four. */
  private AwareView versionTwo() throws IOException {
    String box = "cgroup/" + BOX + "/";
    file(box + "cgroup.procs", "100\n101\n");
    file(box + "memory.max", "67108864\n");
    file(box + "memory.current", "16777216\n");
    file(box + "memory.swap.max", "33554432\n");
    file(box + "memory.swap.current", "1048576\n");
    file(
        box + "memory.stat",
        """
        anon 8388608
        file 6291456
        active_file 2097152
        inactive_file 4194304
        shmem 1024
        slab_reclaimable 1048576
        """);
    file(box + "cpu.max", "50000 100000\n");
    file(box + "cpu.stat", "usage_usec 3000000\nuser_usec 2000000\nsystem_usec 1000000\n");
    file(box + "cpuset.cpus.effective", "0-3\n");
    file(box + "io.stat", "8:16 rbytes=1048576 wbytes=512 rios=20 wios=1 dbytes=0 dios=0\n");
    Set<String> all = Set.of("cpu", "cpuset", "memory", "io", "pids");
    return new AwareView(new Cgroup(new V2(root.resolve("cgroup"), all), BOX), root, 100);
  }

  @Test
  void memoryIsWhatTheLimitLeavesAndTheHostsFiguresAreGone() throws IOException {
    Map<AwareFile, String> texts = versionTwo().look();
    assertThat(text(texts, AwareFile.MEMINFO))
        .isEqualTo(
            """
            MemTotal:            65536 kB
            MemFree:             49152 kB
            MemAvailable:        56320 kB
            Buffers:                 0 kB
            Cached:               6144 kB
            SwapTotal:           32768 kB
            SwapFree:            31744 kB
            Active(file):         2048 kB
            Shmem:                   1 kB
            SReclaimable:         1024 kB
            VmallocTotal:   34359738367 kB
            HugePages_Total:       0
            """);
    assertThat(text(texts, AwareFile.SWAPS).lines().skip(1))
        .singleElement()
        .asString()
        .matches("none +virtual +32768 +1024 +0");
  }

  @Test
  void aQuotaIsRoundedUpToProcessorsAndWhatItLeavesIsIdle() throws IOException {
    Map<AwareFile, String> texts = versionTwo().look();
    assertThat(text(texts, AwareFile.CPUINFO)).isEqualTo(cpu(0));
    assertThat(text(texts, AwareFile.ONLINE)).isEqualTo("0\n");
    // 100 s of half a processor, 3 of them used.
    assertThat(text(texts, AwareFile.UPTIME).strip()).isEqualTo("100.00 47.00");
    assertThat(words(text(texts, AwareFile.STAT)))
        .isEqualTo(
            """
            cpu 200 0 100 4700 0 0 0 0 0 0
            cpu0 200 0 100 4700 0 0 0 0 0 0
            btime 1700000000
            processes 7
            procs_running 1
            procs_blocked 0
            """);
  }

  private static String text(Map<AwareFile, String> texts, AwareFile file) {
    return Objects.requireNonNull(texts.get(file));
  }

  private static String words(String text) {
    return text.replaceAll(" +", " ").replace(" \n", "\n");
  }

  @Test
  void idleTimeNeverGoesBackWhenTheQuotaIsChanged() throws IOException {
    AwareView view = versionTwo();
    view.look();
    file("cgroup/" + BOX + "/cpu.max", "max 100000\n");
    file("cgroup/" + BOX + "/cpu.stat", "user_usec 4000000\nsystem_usec 1000000\n");
    time(1010);
    Map<AwareFile, String> texts = view.look();
    assertThat(text(texts, AwareFile.UPTIME).strip()).isEqualTo("110.00 85.00");
    assertThat(words(text(texts, AwareFile.STAT)))
        .startsWith("cpu 400 0 100 8500 0 0 0 0 0 0\ncpu0 100 0 25 2125 0 0 0 0 0 0\n")
        .contains("cpu3 ")
        .doesNotContain("cpu4 ");
    assertThat(text(texts, AwareFile.ONLINE)).isEqualTo("0-3\n");
    file("cgroup/" + BOX + "/cpu.max", "10000 100000\n");
    time(1011);
    assertThat(text(view.look(), AwareFile.UPTIME).strip()).isEqualTo("111.00 85.10");
  }

  @Test
  void processorsOfACpusetAreNumberedFromZero() throws IOException {
    AwareView view = versionTwo();
    file("cgroup/" + BOX + "/cpu.max", "max 100000\n");
    file("cgroup/" + BOX + "/cpuset.cpus.effective", "1,3\n");
    Map<AwareFile, String> texts = view.look();
    assertThat(text(texts, AwareFile.CPUINFO))
        .isEqualTo(cpu(1).replace(": 1\n", ": 0\n") + cpu(3).replace(": 3\n", ": 1\n"));
    assertThat(text(texts, AwareFile.ONLINE)).isEqualTo("0-1\n");
  }

  @Test
  void theLoadIsOfItsOwnTasksAndFadesWhileTheyRest() throws IOException {
    AwareView view = versionTwo();
    process(101, 95_000, "S (sleeping)", 7);
    assertThat(text(view.look(), AwareFile.LOADAVG).strip()).isEqualTo("0.00 0.00 0.00 0/2 7");
    process(101, 95_000, "R (running)", 8);
    time(1060);
    // A minute of one runnable task: 1 - 1/e of it counts.
    assertThat(text(view.look(), AwareFile.LOADAVG).strip()).isEqualTo("0.63 0.18 0.06 1/2 8");
    time(1120);
    view.rest();
    process(101, 95_000, "D (disk sleep)", 8);
    assertThat(text(view.look(), AwareFile.LOADAVG).strip()).isEqualTo("0.23 0.15 0.06 0/2 8");
  }

  @Test
  void onlyDisksThatItUsedAreShown() throws IOException {
    assertThat(words(text(versionTwo().look(), AwareFile.DISKSTATS)))
        .isEqualTo(" 8 16 sdb 20 0 2048 0 1 0 1 0 0 0 0\n");
  }

  @Test
  void theLeastLimitOnTheWayUpHolds() throws IOException {
    file("cgroup/terrarium/memory.max", "max\n");
    file("cgroup/memory.max", "1048576\n");
    assertThat(text(versionTwo().look(), AwareFile.MEMINFO))
        .startsWith("MemTotal:             1024");
  }

  @Test
  void versionOneTellsTheSame() throws IOException {
    String box = "v1/%s/" + BOX + "/";
    file(box.formatted("memory") + "memory.limit_in_bytes", "67108864\n");
    file(box.formatted("memory") + "memory.usage_in_bytes", "16777216\n");
    file(box.formatted("memory") + "memory.memsw.limit_in_bytes", "100663296\n");
    file(
        box.formatted("memory") + "memory.stat",
        """
        total_rss 8388608
        total_cache 6291456
        total_active_file 2097152
        total_inactive_file 4194304
        total_swap 1048576
        """);
    file(box.formatted("cpu") + "cgroup.procs", "100\n101\n");
    file(box.formatted("cpu") + "cpu.cfs_quota_us", "150000\n");
    file(box.formatted("cpu") + "cpu.cfs_period_us", "100000\n");
    file(box.formatted("cpu") + "cpuacct.usage", "3000000000\n");
    file(box.formatted("cpu") + "cpuacct.usage_user", "2000000000\n");
    file(box.formatted("cpu") + "cpuacct.usage_sys", "1000000000\n");
    file(box.formatted("cpu") + "cpuset.effective_cpus", "0-3\n");
    Path cpu = root.resolve("v1/cpu");
    V1 driver =
        new V1(
            Map.of("cpu", cpu, "cpuacct", cpu, "cpuset", cpu, "memory", root.resolve("v1/memory")),
            Optional.empty(),
            "0-3",
            "0");
    Map<AwareFile, String> texts = new AwareView(new Cgroup(driver, BOX), root, 100).look();
    assertThat(text(texts, AwareFile.MEMINFO))
        .contains("MemTotal:            65536 kB", "MemAvailable:        55296 kB")
        .contains("SwapTotal:           32768 kB", "SwapFree:            31744 kB");
    assertThat(text(texts, AwareFile.ONLINE)).isEqualTo("0-1\n");
    assertThat(words(text(texts, AwareFile.STAT)))
        .startsWith("cpu 200 0 100 14700 0 0 0 0 0 0\ncpu0 100 0 50 7350 ")
        .contains("cpu1 100 0 50 7350 ");
    assertThat(texts).as("without a blkio controller").doesNotContainKey(AwareFile.DISKSTATS);
  }

  @Test
  void ofACgroupThatIsGoneNothingIsSaid() throws IOException {
    V2 driver = new V2(root.resolve("cgroup"), Set.of("memory"));
    assertThat(new AwareView(new Cgroup(driver, BOX), root, 100).look()).isEmpty();
  }
}
