package dev.terrarium.engine.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrarium.engine.Host;
import dev.terrarium.engine.aware.AwareFile;
import dev.terrarium.engine.aware.AwareFiles;
import dev.terrarium.engine.aware.AwareView;
import dev.terrarium.engine.cgroup.Cgroup;
import dev.terrarium.engine.cgroup.Delegation;
import dev.terrarium.engine.fact.Fact;
import dev.terrarium.engine.spec.ContainerSpec;
import dev.terrarium.engine.spec.Filesystem;
import dev.terrarium.engine.spec.InvalidSpecException;
import dev.terrarium.engine.spec.Limits;
import dev.terrarium.engine.spec.Proc;
import dev.terrarium.engine.spec.Root;
import dev.terrarium.engine.step.AwareStep;
import dev.terrarium.engine.step.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The container's own figures in /proc and /sys, whichever version of cgroups this host has. */
@Tag("cgroup")
class CgroupAwareTest extends OnTheKernel {
  private static final Limits SMALL = Limits.NONE.withMemoryBytes(64 << 20).withCpus(0.5);
  private static final String TOTAL = "grep MemTotal: /proc/meminfo | tr -s ' '";
  private static final String MINE = "MemTotal: 65536 kB";

  @BeforeEach
  void cgroupsCanBeMade() {
    Delegation delegation = Delegation.find();
    Host.requires(delegation instanceof Delegation.Granted, "a cgroup hierarchy: " + delegation);
  }

  private static ContainerSpec aware(As as, String script) {
    return shell(as, files -> files.withCgroupAware(true), script).withLimits(SMALL);
  }

  private static ContainerSpec plain(As as, String script) {
    return shell(as, UnaryOperator.identity(), script).withLimits(SMALL);
  }

  @ParameterizedTest
  @EnumSource
  void theLimitIsAllTheMemoryThereIs(As as) throws Exception {
    assertThat(run(plain(as, TOTAL)).strip()).isNotEqualTo(MINE);
    assertThat(run(aware(as, TOTAL)).strip()).isEqualTo(MINE);
  }

  @ParameterizedTest
  @EnumSource
  void halfAProcessorIsOne(As as) throws Exception {
    String script =
        "grep -c ^processor /proc/cpuinfo; grep -c '^cpu[0-9]' /proc/stat;"
            + " cat /sys/devices/system/cpu/online";
    assertThat(run(aware(as, script))).isEqualTo("1\n1\n0\n");
  }

  @ParameterizedTest
  @EnumSource
  void itHasJustStartedAndIsAlone(As as) throws Exception {
    String script = "cut -d. -f1 /proc/uptime; read a b c tasks last < /proc/loadavg; echo $tasks";
    List<String> lines = run(aware(as, script)).lines().toList();
    double hosts = Double.parseDouble(Files.readString(Path.of("/proc/uptime")).split("\\.")[0]);
    assertThat(Integer.parseInt(lines.getFirst())).isLessThan(60).isLessThan((int) hosts);
    assertThat(lines.get(1)).matches("[01]/[12]");
  }

  /** A system call is answered by the kernel, whatever is mounted. */
  @Test
  void busyboxAsksTheKernelForTotalsAndIsToldTheHosts() throws Exception {
    Host.requires(Host.busybox(), "busybox");
    ContainerSpec spec = aware(As.ROOT, "free | grep Mem: | tr -s ' ' | cut -d' ' -f2; " + TOTAL);
    assertThat(run(spec)).doesNotStartWith("65536\n").endsWith(MINE + "\n");
    assertThat(run(aware(As.ROOT, "top -bn1 | head -1"))).matches("Mem: \\d{1,5}K used, .*\n");
  }

  @Test
  void procpsReadsTheFiles() throws Exception {
    Host.requires(Files.exists(Path.of("/usr/bin/free")), "procps");
    Root root = new Root.Host();
    Filesystem files = Filesystem.bare(root, Proc.NEW).withCgroupAware(true);
    String script =
        "free -k | awk '/Mem:/ {print $2}'; top -bn1 | grep 'MiB Mem'; uptime -p; vmstat";
    ContainerSpec spec = aware(As.ROOT, script).withFiles(files);
    List<String> lines = run(spec).lines().toList();
    assertThat(lines.getFirst()).isEqualTo("65536");
    assertThat(lines.get(1)).contains("64.0 total");
    assertThat(lines.get(2)).isEqualTo("up 0 minutes");
  }

  @ParameterizedTest
  @EnumSource
  void switchedOnAndOffWhileItRuns(As as) throws Exception {
    String script = TOTAL + "; read _; " + TOTAL + "; read _; " + TOTAL + "; read _; " + TOTAL;
    try (Container container = engine.prepare(plain(as, script))) {
      container.start();
      String hosts = line(container);
      assertThat(hosts).startsWith("MemTotal:").isNotEqualTo(MINE);
      container.coverProc();
      container.coverProc();
      assertThat(mounts(container)).contains(" /proc/meminfo ro", " /proc/stat ro");
      goOn(container);
      assertThat(line(container)).isEqualTo(MINE);
      container.uncoverProc();
      container.uncoverProc();
      assertThat(mounts(container)).doesNotContain(" /proc/meminfo ");
      goOn(container);
      assertThat(line(container)).isEqualTo(hosts);
      container.coverProc();
      goOn(container);
      assertThat(output(container).strip()).isEqualTo(MINE);
    }
    assertThat(calls()).contains("open_tree", "mount_setattr", "move_mount", "umount2");
    Fact.Bound bound = all(Fact.Bound.class).getFirst();
    Fact.Unbound unbound = all(Fact.Unbound.class).getFirst();
    assertThat(bound.inside().path()).isEqualTo("/proc/meminfo");
    assertThat(bound.inside().after()).isEqualTo(bound.host().after());
    assertThat(unbound.inside().before()).isEqualTo(bound.inside().after());
    assertThat(unbound.inside().after()).isEqualTo(bound.inside().before());
  }

  private List<String> calls() {
    return all(Fact.Called.class).stream().map(call -> call.call().name()).toList();
  }

  private <T extends Fact> List<T> all(Class<T> kind) {
    return facts.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  private static String mounts(Container container) throws IOException {
    return Files.readString(
        Path.of("/proc", Integer.toString(container.pid().orElseThrow()), "mountinfo"));
  }

  @ParameterizedTest
  @EnumSource
  void nobodyInsideWritesThem(As as) throws Exception {
    assertThat(run(aware(as, "echo lie > /proc/meminfo || true; " + TOTAL)))
        .contains("Read-only file system")
        .startsWith(MINE + "\n");
  }

  @Test
  void anotherLimitIsToldWithinASecond() throws Exception {
    String script =
        "until grep -q 'MemTotal: *131072 ' /proc/meminfo && grep -q cpu1 /proc/stat; do"
            + " sleep 0.1; done; cat /sys/devices/system/cpu/online";
    Host.requires(Runtime.getRuntime().availableProcessors() >= 2, "a second processor");
    try (Container container = engine.prepare(aware(As.ROOT, script))) {
      container.start();
      container.limit(Limits.NONE.withMemoryBytes(128 << 20).withCpus(2));
      assertThat(output(container)).isEqualTo("0-1\n");
    }
  }

  @Test
  void whoHasOneOpenReadsOnAfterItIsUnmounted() throws Exception {
    String script = "exec 3< /proc/meminfo; read _; cat <&3 | grep MemTotal: | tr -s ' '; " + TOTAL;
    try (Container container = engine.prepare(aware(As.ROOT, script))) {
      container.start();
      container.uncoverProc();
      goOn(container);
      List<String> lines = output(container).lines().toList();
      assertThat(lines.getFirst()).isEqualTo(MINE);
      assertThat(lines.get(1)).isNotEqualTo(MINE);
    }
  }

  /**
   * Those of the container that are numbers in fixed places, and how each looks when it is whole.
   */
  private static final List<Pattern> WHOLE =
      List.of(
          Pattern.compile("([A-Za-z_()]+: +\\d+( kB)?\n){20,}"),
          Pattern.compile(
              "(cpu\\d* +(\\d+ +){9}\\d+\n)+btime \\d+\nprocesses \\d+ *\nprocs_running \\d+ *\nprocs_blocked \\d+ *\n"),
          Pattern.compile("\\d+\\.\\d\\d \\d+\\.\\d\\d *\n"),
          Pattern.compile("(\\d+\\.\\d\\d ){3}\\d+/\\d+ \\d+ *\n"));

  private static final List<AwareFile> READ =
      List.of(AwareFile.MEMINFO, AwareFile.STAT, AwareFile.UPTIME, AwareFile.LOADAVG);

  @Test
  void inAThousandRefreshesNobodyInsideFindsOneBroken() throws Exception {
    String script =
        """
        lines=$(wc -l < /proc/meminfo)
        while [ ! -e /stop ]; do
          [ $(grep -cE '^[A-Za-z_()]+: +[0-9]+( kB)?$' /proc/meminfo) = $lines ] || echo meminfo
          read up idle < /proc/uptime; case $up in *.??) ;; *) echo uptime;; esac
          read name user nice system idle rest < /proc/stat; [ $idle -ge 0 ] || echo stat
          looks=$((looks + 1))
        done
        echo $((looks > 9))
        """;
    try (Container container = engine.prepare(aware(As.ROOT, script))) {
      container.start();
      Path inside = Path.of("/proc", Integer.toString(container.pid().orElseThrow()), "root");
      AtomicBoolean over = new AtomicBoolean();
      AtomicInteger looks = new AtomicInteger();
      Future<String> reader = CompletableFuture.supplyAsync(() -> read(inside, over, looks));
      AwareView view =
          new AwareView(
              container.cgroup().orElseThrow(), Path.of("/"), container.pid().orElseThrow());
      try (AwareFiles files = new AwareFiles(made(container).folder())) {
        for (int refresh = 0; refresh < 1000; refresh++) {
          files.write(view.look());
        }
      }
      over.set(true);
      assertThat(reader.get()).isEmpty();
      assertThat(looks.get()).isGreaterThan(1000);
      Files.createFile(inside.resolve("stop"));
      assertThat(output(container)).isEqualTo("1\n");
    }
  }

  /** Reads as fast as it can until it finds something wrong, which it returns. */
  private static String read(Path inside, AtomicBoolean over, AtomicInteger looks) {
    try {
      while (!over.get()) {
        for (int i = 0; i < READ.size(); i++) {
          String text = Files.readString(inside.resolve(READ.get(i).path().substring(1)));
          if (!WHOLE.get(i).matcher(text).matches()) {
            return READ.get(i) + ":\n" + text;
          }
          looks.incrementAndGet();
        }
      }
      return "";
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static AwareStep.MakeAwareFiles made(Container container) {
    return container.plan().stream()
        .filter(AwareStep.MakeAwareFiles.class::isInstance)
        .map(AwareStep.MakeAwareFiles.class::cast)
        .findFirst()
        .orElseThrow();
  }

  private static String uptime(Container container) throws IOException {
    return Files.readString(made(container).folder().resolve("uptime"));
  }

  /** Waits until that container's files have been written twice more. */
  private static void secondsPassFor(Container running) throws Exception {
    for (int times = 0; times < 2; times++) {
      String before = uptime(running);
      while (uptime(running).equals(before)) {
        Thread.sleep(20);
      }
    }
  }

  @Test
  void whileItIsPausedNothingIsWrittenAndAfterwardsItIs() throws Exception {
    try (Container container = engine.prepare(aware(As.ROOT, "read _"));
        Container other = engine.prepare(named("other"))) {
      container.start();
      other.start();
      container.pause();
      // One refresh may have been under way.
      secondsPassFor(other);
      String before = uptime(container);
      secondsPassFor(other);
      assertThat(uptime(container)).isEqualTo(before);
      container.resume();
      secondsPassFor(container);
    }
  }

  private static ContainerSpec named(String name) {
    ContainerSpec spec = aware(As.ROOT, "read _");
    return ContainerSpec.of(
            name,
            spec.namespaces().fresh(),
            spec.files().root(),
            Proc.NEW,
            List.of("/bin/sh", "-c", "read _"))
        .withFiles(spec.files())
        .withStdio(spec.stdio())
        .withLimits(spec.limits());
  }

  @Test
  void whenItsCgroupVanishesTheLastFiguresStay() throws Exception {
    try (Container container = engine.prepare(aware(As.ROOT, "read _; " + TOTAL));
        Container other = engine.prepare(named("other"))) {
      container.start();
      other.start();
      Cgroup cgroup = container.cgroup().orElseThrow();
      String pid = Integer.toString(container.pid().orElseThrow());
      for (Path outside : cgroup.driver().folders("")) {
        Files.writeString(outside.resolve("cgroup.procs"), pid);
        Files.delete(outside.resolve(cgroup.path()));
      }
      secondsPassFor(other);
      goOn(container);
      assertThat(output(container).strip()).isEqualTo(MINE);
    }
  }

  @Test
  void thePlanSaysWhatIsDoneAndInWhichOrder() {
    try (Container container = engine.prepare(aware(As.ROOT, "true"))) {
      assertThat(container.plan())
          .extracting(Step::id)
          .containsSubsequence(
              "enter-cgroup",
              "mount-proc",
              "mount-sys",
              "make-aware-files",
              "pick-up-aware-files",
              "bind-aware-files",
              "pivot-root");
      Step bind =
          container.plan().stream()
              .filter(AwareStep.BindAwareFiles.class::isInstance)
              .toList()
              .getFirst();
      assertThat(bind.byHand())
          .contains("merged/proc/meminfo", "merged/sys/devices/system/cpu/online");
      assertThat(bind.undoByHand()).startsWith("umount -l /proc/meminfo ");
    }
  }

  @Test
  void withoutACgroupThereIsNothingToTell() {
    ContainerSpec spec = aware(As.ROOT, "true").withLimits(Limits.NONE);
    assertThatThrownBy(() -> engine.prepare(spec))
        .isInstanceOf(InvalidSpecException.class)
        .hasMessageContaining("give the container a limit");
    try (Container container = engine.prepare(shell(As.ROOT, UnaryOperator.identity(), "read _"))) {
      container.start();
      assertThatThrownBy(container::coverProc)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("no cgroup");
    }
  }
}
