package dev.terrarium.engine.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrarium.engine.Engine;
import dev.terrarium.engine.Host;
import dev.terrarium.engine.container.Container;
import dev.terrarium.engine.container.ContainerException;
import dev.terrarium.engine.fact.ExitStatus;
import dev.terrarium.engine.fact.Fact;
import dev.terrarium.engine.observe.NamespaceType;
import dev.terrarium.engine.spec.ContainerSpec;
import dev.terrarium.engine.spec.InvalidSpecException;
import dev.terrarium.engine.spec.Limits;
import dev.terrarium.engine.spec.Namespaces;
import dev.terrarium.engine.spec.Proc;
import dev.terrarium.engine.spec.Root;
import dev.terrarium.engine.spec.Stdio;
import dev.terrarium.engine.syscall.SyscallEvent;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Limits that the real kernel keeps, whichever version of cgroups this host has: the same tests run
 * in a virtual machine with the other one.
 */
@Tag("guest")
@Timeout(120)
class LiveCgroupTest {
  private static final long MIB = 1 << 20;

  /** A word that doubles for ever. */
  private static final String HOG = "x=aaaaaaaa; while :; do x=$x$x; done";

  @TempDir Path state;
  private final List<Fact> facts = new CopyOnWriteArrayList<>();
  private Engine engine;
  private Driver driver;

  @BeforeEach
  void open() throws IOException {
    Host.requiresRoot();
    Delegation delegation = Delegation.find();
    Host.requires(delegation instanceof Delegation.Granted, "a cgroup hierarchy: " + delegation);
    driver = ((Delegation.Granted) delegation).driver();
    engine = Engine.open(state, facts::add);
  }

  @AfterEach
  void nothingIsLeftBehind() {
    if (driver != null) {
      engine.close();
      assertThat(CgroupTree.read(driver, Delegation.TOP).children())
          .extracting(CgroupTree::path)
          .noneMatch(path -> path.contains(Long.toString(ProcessHandle.current().pid())));
    }
  }

  private ContainerSpec spec(Limits limits, String... argv) {
    return ContainerSpec.of(
            "box",
            Set.of(NamespaceType.PID, NamespaceType.MNT),
            new Root.Image("lesson"),
            Proc.NEW,
            List.of(argv))
        .withEnv(List.of("PATH=/bin:/usr/bin"))
        .withStdio(Stdio.PIPES)
        .withLimits(limits);
  }

  private Container started(Limits limits, String... argv) {
    Container container = engine.prepare(spec(limits, argv));
    container.start();
    return container;
  }

  private static ExitStatus end(Container container) throws Exception {
    return container.exited().get(60, TimeUnit.SECONDS);
  }

  private static CgroupUsage.Cpu cpu(Container container) {
    return container.usage().cpu().orElseThrow();
  }

  private long oomKills() {
    return facts.stream()
        .filter(Fact.Ended.class::isInstance)
        .map(Fact.Ended.class::cast)
        .findFirst()
        .orElseThrow()
        .oomKills();
  }

  @Test
  void aQuotaThrottles() throws Exception {
    try (Container container =
        started(Limits.NONE.withCpus(0.2), "sh", "-c", "while :; do :; done")) {
      await(() -> cpu(container).throttledPeriods() >= 3);
      CgroupUsage.Cpu cpu = cpu(container);
      assertThat(cpu.throttledMicros()).isPositive();
      // What it may have in so many periods, and one slice per processor that it may take too much.
      assertThat(cpu.micros()).isLessThan((cpu.periods() + 1) * 20_000 + 60_000);

      container.limit(Limits.COUNTED);
      long before = cpu(container).throttledPeriods();
      long used = cpu(container).micros();
      await(() -> cpu(container).micros() > used + 300_000);
      assertThat(cpu(container).throttledPeriods()).isLessThanOrEqualTo(before + 1);
    }
  }

  @Test
  void tooMuchMemoryKillsAndItIsTold() throws Exception {
    try (Container container = started(Limits.NONE.withMemoryBytes(24 * MIB), "sh", "-c", HOG)) {
      assertThat(end(container)).isEqualTo(new ExitStatus.Killed(9));
      assertThat(end(container).shellStatus()).isEqualTo(137);
      assertThat(oomKills()).isEqualTo(1);
      CgroupUsage.Memory memory = container.usage().memory().orElseThrow();
      assertThat(memory.limitBytes()).hasValue(24 * MIB);
      assertThat(memory.peakBytes()).hasValue(24 * MIB);
      assertThat(memory.limitHits()).isPositive();
    }
  }

  @Test
  void aKilledChildIsToldAsWell() throws Exception {
    try (Container container =
        started(Limits.NONE.withMemoryBytes(24 * MIB), "sh", "-c", "(" + HOG + "); exit 3")) {
      assertThat(end(container)).isEqualTo(new ExitStatus.Exited(3));
      assertThat(oomKills()).isEqualTo(1);
    }
  }

  @Test
  void aKillByHandIsNoLackOfMemory() throws Exception {
    try (Container container = started(Limits.NONE.withMemoryBytes(64 * MIB), "sleep", "1000")) {
      engine.signal(container.pid().orElseThrow(), 9);
      assertThat(end(container)).isEqualTo(new ExitStatus.Killed(9));
      assertThat(oomKills()).isZero();
    }
  }

  @Test
  void tooManyProcessesAreRefused() throws Exception {
    String bomb =
        "mkdir -p /dev; : > /dev/null; i=0; while [ $i -lt 20 ]; do sleep 1000 & i=$((i+1)); done";
    try (Container container = started(Limits.NONE.withPids(6), "sh", "-c", bomb)) {
      String errors =
          new String(container.stderr().orElseThrow().readAllBytes(), StandardCharsets.UTF_8);
      // As strerror(3) puts EAGAIN.
      assertThat(errors).contains("Resource temporarily unavailable");
      await(() -> container.usage().pids().orElseThrow().refused() > 0);
      assertThat(container.usage().pids().orElseThrow().limit()).hasValue(6);
    }
  }

  @Test
  void processorsAreChosen() throws Exception {
    Host.requires(Runtime.getRuntime().availableProcessors() > 1, "a second processor");
    String look = "grep Cpus_allowed_list /proc/self/status; nproc";
    try (Container container =
        started(Limits.NONE.withCpuset("1"), "sh", "-c", look + "; read go; " + look)) {
      BufferedReader lines = lines(container);
      assertThat(lines.readLine()).endsWith("\t1");
      assertThat(lines.readLine()).isEqualTo("1");
      container.limit(Limits.NONE.withCpuset("0-1"));
      container.stdin().orElseThrow().write('\n');
      assertThat(lines.readLine()).endsWith("\t0-1");
      assertThat(lines.readLine()).isEqualTo("2");
    }
  }

  @Test
  void aBlockDeviceIsThrottled() throws Exception {
    BlockDevice disk = BlockDevice.of(state);
    Path file = Files.write(state.resolve("half-a-mib"), new byte[512 * 1024]);
    Limits slow =
        Limits.NONE.withIo(
            List.of(
                new Limits.Io(
                    disk.number(),
                    OptionalLong.of(256 * 1024),
                    OptionalLong.empty(),
                    OptionalLong.empty(),
                    OptionalLong.empty())));
    ContainerSpec reader =
        ContainerSpec.of(
                "reader",
                Set.of(),
                new Root.Host(),
                Proc.HOST,
                List.of("dd", "if=" + file, "of=/dev/null", "bs=64k", "iflag=direct"))
            .withEnv(List.of("PATH=/bin:/usr/bin"))
            .withStdio(Stdio.PIPES)
            .withLimits(slow);
    try (Container container = engine.prepare(reader)) {
      long begin = System.nanoTime();
      container.start();
      String said =
          new String(container.stderr().orElseThrow().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(end(container)).as(said).isEqualTo(new ExitStatus.Exited(0));
      assertThat(System.nanoTime() - begin).isGreaterThan(TimeUnit.SECONDS.toNanos(1));
      assertThat(container.usage().io())
          .filteredOn(io -> io.device().equals(disk.number()))
          .singleElement()
          .satisfies(io -> assertThat(io.readBytes()).isGreaterThanOrEqualTo(512 * 1024));
    }
  }

  @Test
  void whoIsPausedDoesNothingAtAll() throws Exception {
    try (Container container = started(Limits.COUNTED, "sh", "-c", "while :; do :; done")) {
      container.pause();
      assertThat(container.cgroup().orElseThrow().frozen()).isTrue();
      long used = cpu(container).micros();
      // So much time passes that it could not have been overlooked.
      long begin = System.nanoTime();
      while (System.nanoTime() - begin < TimeUnit.MILLISECONDS.toNanos(100)) {
        assertThat(cpu(container).micros()).isEqualTo(used);
      }
      container.resume();
      await(() -> cpu(container).micros() > used);
    }
  }

  @Test
  void whoIsPausedCanBeEnded() {
    Container container = started(Limits.COUNTED, "sh", "-c", "sleep 1000 & wait");
    int pid = container.pid().orElseThrow();
    container.pause();
    container.close();
    assertThat(ProcessHandle.of(pid)).isEmpty();
  }

  @Test
  void limitsAreReadBackFromTheFiles() {
    Limits limits =
        new Limits(
            OptionalDouble.of(0.5),
            OptionalInt.of(50),
            Optional.of("0"),
            OptionalLong.of(64 * MIB),
            OptionalLong.empty(),
            OptionalLong.of(20),
            List.of(),
            true);
    try (Container container = started(limits, "sleep", "1000")) {
      Cgroup cgroup = container.cgroup().orElseThrow();
      CgroupTree tree = cgroup.tree();
      assertThat(tree.limits()).isEqualTo(limits);
      assertThat(tree.pids()).containsExactly(container.pid().orElseThrow());
      assertThat(tree.usage().pids().orElseThrow().count()).isEqualTo(1);
      assertThat(cgroup.files())
          .containsEntry(
              cgroup.folders().getLast().resolve("cgroup.procs"), "" + tree.pids().getFirst());
      assertThat(CgroupTree.read(driver, Delegation.TOP).children())
          .flatExtracting(CgroupTree::children)
          .extracting(CgroupTree::path)
          .contains(tree.path());
    }
  }

  @Test
  void theTraceTellsWhichFileHeldWhatAndHoldsWhat() {
    try (Container container = started(Limits.NONE.withPids(20), "sleep", "1000")) {
      container.limit(Limits.NONE.withMemoryBytes(64 * MIB + 1));
      Path folder =
          container.cgroup().orElseThrow().folders().stream()
              .filter(each -> Files.exists(each.resolve("pids.max")))
              .findFirst()
              .orElseThrow();
      assertThat(calls("mkdirat"))
          .anySatisfy(
              call -> assertThat(call.args().get(1).text()).isEqualTo("\"" + folder + "\""));
      assertThat(calls("write"))
          .extracting(call ->
              "%s <- %s %s"
                  .formatted(
                      Path.of(call.args().get(0).text().replace("\"", "")).getFileName(),
                      call.args().get(1).text(),
                      call.note().orElse("")))
          .contains("pids.max <- \"20\" was \"max\"", "pids.max <- \"max\" was \"20\"")
          .anyMatch(line -> line.endsWith("is \"" + 64 * MIB + "\""))
          .contains("cgroup.procs <- \"" + container.pid().orElseThrow() + "\" ");
    }
  }

  @Test
  void whatTheKernelRefusesIsExplained() {
    try (Container container = started(Limits.COUNTED, "sleep", "1000")) {
      assertThatThrownBy(() -> container.limit(Limits.NONE.withCpuset("4095")))
          .isInstanceOf(ContainerException.class)
          .hasMessageContaining("cpuset.cpus")
          .hasMessageMatching(".* failed: (EINVAL|ERANGE), .*")
          .hasMessageEndingWith(
              "this host has no such processor; /sys/devices/system/cpu/online lists those that it has");
      assertThatThrownBy(() -> container.limit(Limits.NONE.withCpus(0)))
          .isInstanceOf(InvalidSpecException.class);
      container.limit(Limits.NONE.withPids(4));
    }
  }

  @Test
  void aContainerWithoutLimitsHasNoCgroup() {
    try (Container container = started(Limits.NONE, "sleep", "1000")) {
      assertThat(container.cgroup()).isEmpty();
      assertThatThrownBy(container::pause).hasMessageContaining("no cgroup of its own");
      assertThatThrownBy(container::usage).hasMessageContaining("no cgroup of its own");
    }
  }

  @Test
  void aUserNamespaceChangesNothing() throws Exception {
    ContainerSpec rootless =
        spec(Limits.NONE.withPids(1), "sh", "-c", "sleep 0 & wait")
            .withNamespaces(
                Namespaces.of(Set.of(NamespaceType.USER, NamespaceType.PID, NamespaceType.MNT)));
    try (Container container = engine.prepare(rootless)) {
      container.start();
      assertThat(end(container)).isNotEqualTo(new ExitStatus.Exited(0));
      assertThat(container.usage().pids().orElseThrow().refused()).isPositive();
    }
  }

  @Test
  void nothingOfItOutlivesIt() throws Exception {
    // Without a pid namespace, and gone from its session: only the cgroup still knows whose it is.
    ContainerSpec plain =
        ContainerSpec.of(
                "plain",
                Set.of(),
                new Root.Host(),
                Proc.HOST,
                List.of("sh", "-c", "setsid sleep 86398 & echo $!; sleep 1000"))
            .withEnv(List.of("PATH=/bin:/usr/bin"))
            .withStdio(Stdio.PIPES)
            .withLimits(Limits.COUNTED);
    long daemon;
    List<Path> folders;
    try (Container container = engine.prepare(plain)) {
      container.start();
      daemon = Long.parseLong(lines(container).readLine());
      folders = container.cgroup().orElseThrow().folders();
      assertThat(folders).allSatisfy(folder -> assertThat(folder).isDirectory());
    }
    // Whoever adopted it has yet to reap it.
    await(() -> ProcessHandle.of(daemon).isEmpty());
    assertThat(folders).allSatisfy(folder -> assertThat(folder).doesNotExist());
  }

  private List<SyscallEvent> calls(String name) {
    return facts.stream()
        .filter(Fact.Called.class::isInstance)
        .map(fact -> ((Fact.Called) fact).call())
        .filter(call -> call.name().equals(name))
        .toList();
  }

  private static BufferedReader lines(Container container) {
    return new BufferedReader(
        new InputStreamReader(container.stdout().orElseThrow(), StandardCharsets.UTF_8));
  }

  /** Waits for the kernel to have done it. */
  private static void await(Callable<Boolean> condition) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.call()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
      Thread.onSpinWait();
    }
  }
}
