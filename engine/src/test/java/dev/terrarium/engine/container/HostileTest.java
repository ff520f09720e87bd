package dev.terrarium.engine.container;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrarium.engine.Host;
import dev.terrarium.engine.cgroup.Delegation;
import dev.terrarium.engine.fact.ExitStatus;
import dev.terrarium.engine.fact.Fact;
import dev.terrarium.engine.log.ContainerLog;
import dev.terrarium.engine.spec.ContainerSpec;
import dev.terrarium.engine.spec.Filesystem;
import dev.terrarium.engine.spec.Hardening;
import dev.terrarium.engine.spec.Hardening.Rlimit;
import dev.terrarium.engine.spec.InvalidSpecException;
import dev.terrarium.engine.spec.Limits;
import dev.terrarium.engine.spec.Program;
import dev.terrarium.engine.spec.Stdio;
import dev.terrarium.engine.spec.Volume;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Hostile programs in a container as it usually is, as root of the host and rootless: what they try
 * is refused, in the kernel's words, and the host does not notice. {@code docs/security.md} is the
 * table of it.
 */
class HostileTest extends OnTheKernel {
  /** Outside of everything that a container is given. */
  @TempDir Path host;

  private static ContainerSpec usual(As as, String script) {
    return usual(as, UnaryOperator.identity(), script);
  }

  private static ContainerSpec usual(As as, UnaryOperator<Filesystem> files, String script) {
    return shell(as, files, script).withHardening(Hardening.USUAL);
  }

  private static ContainerSpec limited(As as, Limits limits, String script) {
    Host.requires(Delegation.find() instanceof Delegation.Granted, "a cgroup hierarchy");
    return usual(as, script).withLimits(limits);
  }

  /** What each command says to error, and whether it failed: a line each. */
  private static String tried(String... commands) {
    return Stream.of(commands)
        .map(command -> "(" + command + ") 2>&1 && echo done || echo refused")
        .reduce((one, other) -> one + "\n" + other)
        .orElseThrow();
  }

  // --- using it all up ---

  @ParameterizedTest
  @EnumSource
  void aForkBombMeetsTheLimitOfProcesses(As as) throws Exception {
    String bomb = "b() { b | b & }; b 2>/dev/null; sleep 1; exit 0";
    try (Container container = engine.prepare(limited(as, Limits.NONE.withPids(48), bomb))) {
      container.start();
      assertThat(container.exited().get(30, TimeUnit.SECONDS)).isNotNull();
      assertThat(container.usage().pids().orElseThrow().refused()).isPositive();
    }
    assertThat(run(usual(as, "echo the host is there"))).isEqualTo("the host is there\n");
  }

  @ParameterizedTest
  @EnumSource
  void aMemoryBombIsKilledAndTheReasonTold(As as) throws Exception {
    Limits limits = Limits.NONE.withMemoryBytes(24 << 20);
    String bomb = "exec tail -c 900000000 /dev/zero";
    try (Container container = engine.prepare(limited(as, limits, bomb))) {
      container.start();
      assertThat(container.exited().get(30, TimeUnit.SECONDS)).isEqualTo(new ExitStatus.Killed(9));
    }
    assertThat(only(Fact.Ended.class).oomKills()).isPositive();
  }

  @ParameterizedTest
  @EnumSource
  void aMemoryBombBroughtInIsUnderTheSameLimit(As as) throws Exception {
    Limits limits = Limits.NONE.withMemoryBytes(24 << 20);
    try (Container container =
        engine.prepare(limited(as, limits, "exec sleep 1000").withStdio(Stdio.NULL))) {
      container.start();
      Program bomb =
          new Program(
              List.of("tail", "-c", "900000000", "/dev/zero"),
              List.of("PATH=/bin:/usr/bin"),
              "/",
              Program.User.ROOT);
      try (ContainerProcess guest = container.exec(bomb, Stdio.NULL)) {
        assertThat(guest.exited().get(30, TimeUnit.SECONDS)).isEqualTo(new ExitStatus.Killed(9));
      }
      assertThat(container.usage().memory().orElseThrow().oomKills()).isPositive();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aDiskFillerFillsItsOwnLayer(As as) throws Exception {
    ContainerSpec spec =
        usual(
            as,
            files -> files.withWritableBytes(4 << 20),
            tried("head -c 50000000 /dev/zero > /big")
                + "; rm /big; echo more > /small && echo ok");
    assertThat(run(spec))
        .containsAnyOf("No space left on device", "I/O error")
        .contains("refused")
        .endsWith("ok\n");
  }

  @ParameterizedTest
  @EnumSource
  void aHoarderOfDescriptorsMeetsItsOwnLimit(As as) throws Exception {
    Hardening few = Hardening.USUAL.withResourceLimits(Map.of("RLIMIT_NOFILE", new Rlimit(32, 32)));
    String hoard =
        "i=3; while [ $i -lt 40 ]; do eval \"exec $i< /dev/zero\" || exit 9; i=$((i+1)); done";
    assertThat(
            run(
                usual(as, tried("sh -c '" + hoard.replace("'", "") + "'", "ulimit -n 64"))
                    .withHardening(few)))
        .contains("refused")
        .doesNotContain("done");
  }

  @ParameterizedTest
  @EnumSource
  void endlessOutputIsReadAndTheOldestForgotten(As as) throws Exception {
    ContainerSpec spec =
        usual(as, "yes 'a line that is neither short nor long' | head -c 60000000; echo; echo last")
            .withStdio(Stdio.LOG);
    try (Container container = engine.prepare(spec)) {
      container.start();
      assertThat(container.exited().get(50, TimeUnit.SECONDS)).isEqualTo(new ExitStatus.Exited(0));
      Path folder = folderOf(container);
      long size = 0;
      for (String file : ContainerLog.files()) {
        size += Files.size(folder.resolve(file));
      }
      assertThat(size).isLessThanOrEqualTo(16 << 20);
      assertThat(Files.readString(folder.resolve("log"))).endsWith("stdout F last\n");
    }
  }

  private Path folderOf(Container container) throws IOException {
    try (Stream<Path> runs = Files.list(state.resolve("run"))) {
      return runs.findFirst().orElseThrow().resolve(container.spec().name());
    }
  }

  // --- devices ---

  @ParameterizedTest
  @EnumSource
  void aNodeOfTheHostsDiskCannotBeOpened(As as) throws Exception {
    String made =
        run(
            usual(
                as,
                tried(
                    "mknod /disk b " + disk(),
                    "head -c 16 /disk",
                    "mknod /dev/disk b " + disk(),
                    "head -c 16 /dev/disk",
                    "mknod /kmsg c 1 11",
                    "head -c 16 /kmsg",
                    "mknod /mem c 1 1",
                    "head -c 16 /mem")));
    long opened = made.lines().filter("done"::equals).count();
    if (as == As.ROOT) {
      // Names can be made; what they name cannot be opened.
      assertThat(opened).as(made).isLessThanOrEqualTo(4);
      assertThat(made).contains("head: /disk: Operation not permitted");
      assertThat(made).contains("head: /dev/disk: Operation not permitted");
      assertThat(made).contains("head: /kmsg: Operation not permitted");
    } else {
      assertThat(opened).as(made).isZero();
      assertThat(made).contains("mknod: /disk: Operation not permitted");
    }
  }

  @ParameterizedTest
  @EnumSource
  void theUsualDevicesCanBeUsed(As as) throws Exception {
    assertThat(
            run(
                usual(
                    as,
                    "head -c 4 /dev/zero | wc -c; head -c 4 /dev/urandom | wc -c; echo x > /dev/null;"
                        + " head -c 2 /dev/random | wc -c; (echo x > /dev/full) 2>&1; true")))
        .isEqualTo("4\n4\n2\nsh: write error: No space left on device\n");
  }

  @Test
  void aDeviceThatAnImageBringsAlongCannotBeOpened() throws Exception {
    Host.requiresRoot();
    Path image = Files.createDirectories(host.resolve("image/bin"));
    Files.copy(Path.of("/bin/busybox"), image.resolve("sh"));
    sh("mknod " + host.resolve("image/disk") + " b " + disk());
    ContainerSpec spec = usual(As.ROOT, "/bin/sh -c 'echo; read x < /disk' 2>&1; true");
    Filesystem files =
        Filesystem.usual(
            new dev.terrarium.engine.spec.Root.Folder(host.resolve("image")), spec.files().proc());
    assertThat(run(spec.withFiles(files))).contains("can't open /disk: Operation not permitted");
  }

  private static void sh(String script) throws IOException, InterruptedException {
    assertThat(new ProcessBuilder("sh", "-c", script).inheritIO().start().waitFor()).isZero();
  }

  // --- the host's settings ---

  @ParameterizedTest
  @EnumSource
  void nothingOfTheHostIsSetThroughProcOrSys(As as) throws Exception {
    String said =
        run(
            usual(
                as,
                tried(
                    "echo b > /proc/sysrq-trigger",
                    "echo 1 > /proc/sys/kernel/panic",
                    "echo '|/bin/sh' > /proc/sys/kernel/core_pattern",
                    "echo 0 > /proc/sys/kernel/randomize_va_space",
                    "echo 1 > /proc/sys/net/ipv4/ip_forward",
                    "echo x > /sys/kernel/uevent_helper",
                    "echo mem > /sys/power/state",
                    "mount -o remount,rw /proc/sys",
                    "mount -o remount,rw /sys",
                    "umount /proc/sys",
                    "mount -t proc proc /mnt",
                    "mount -t sysfs sysfs /mnt")));
    assertThat(said).doesNotContain("done");
    assertThat(said.lines().filter("refused"::equals)).hasSize(12);
    assertThat(said)
        .containsPattern("/proc/sysrq-trigger: (Read-only file system|nonexistent directory)")
        .contains("can't create /proc/sys/kernel/core_pattern: Read-only file system");
    assertThat(
            said.lines().filter(line -> line.startsWith("mount: ") || line.startsWith("umount: ")))
        .isNotEmpty()
        .allMatch(line -> line.contains("denied") || line.contains("not permitted"));
  }

  @ParameterizedTest
  @EnumSource
  void noReleaseAgentIsReached(As as) throws Exception {
    String said =
        run(
            usual(
                as,
                tried(
                    "mkdir /cg && mount -t cgroup -o memory cgroup /cg",
                    "mkdir -p /cg2 && mount -t cgroup2 none /cg2",
                    "ls /sys/fs/cgroup/*/release_agent && echo x > /sys/fs/cgroup/*/release_agent",
                    "unshare -UrmC sh -c 'mount -t cgroup -o memory cgroup /cg'")));
    assertThat(said).doesNotContain("done");
  }

  @ParameterizedTest
  @EnumSource
  void whatTellsTooMuchIsHidden(As as) throws Exception {
    String look =
        "for f in kcore keys timer_list; do [ ! -e /proc/$f ] || head -c 9 /proc/$f; done";
    assertThat(run(usual(as, look + "; ls -A /sys/firmware 2>/dev/null; true"))).isEmpty();
  }

  // --- more rights ---

  @ParameterizedTest
  @EnumSource
  void aSetUserIdProgramGivesNothing(As as) throws Exception {
    // Root itself marks the program; whoever runs it does not get what it would have given.
    String script =
        """
        cp /bin/busybox /suid 2>/dev/null || cp /bin/sh /suid; chmod 4755 /suid
        grep NoNewPrivs /proc/self/status
        """;
    assertThat(run(usual(as, script))).contains("NoNewPrivs:\t1");
    if (as == As.ROOT) {
      ContainerSpec nobody =
          usual(as, "ls -l /bin/su; /bin/su -c id 2>&1; grep ^Cap /proc/self/status; true")
              .withUser(new Program.User(1000, 1000, List.of()));
      assertThat(run(nobody)).contains("CapEff:\t0000000000000000").doesNotContain("uid=0");
    }
  }

  @ParameterizedTest
  @EnumSource
  void newNamespacesAndMountsAreRefused(As as) throws Exception {
    String said =
        run(
            usual(
                as,
                tried(
                    "unshare -U true",
                    "unshare -m true",
                    "unshare -n true",
                    "unshare -p true",
                    "mount -t tmpfs none /mnt",
                    "mount --bind / /mnt",
                    "umount /proc",
                    "pivot_root / /mnt",
                    "nsenter -t 1 -m true",
                    "hostname other",
                    "ip link add tr-x type bridge",
                    "swapon /none",
                    "insmod /none.ko",
                    "reboot -f")));
    assertThat(said).doesNotContain("done");
    assertThat(said.lines().filter("refused"::equals)).hasSize(14);
  }

  @ParameterizedTest
  @EnumSource
  void theClassicWayOutOfAChrootEndsInside(As as) throws Exception {
    Files.writeString(host.resolve("secret"), "the host's secret\n");
    String script =
        "mkdir /deeper; cd /; chroot /deeper /bin/true 2>/dev/null; cd "
            + "../".repeat(30)
            + " && cat ."
            + host.resolve("secret")
            + " 2>&1; true";
    assertThat(run(usual(as, script))).contains("No such file").doesNotContain("the host's secret");
  }

  // --- what the engine left open ---

  @ParameterizedTest
  @EnumSource
  void noDescriptorOfTheEngineReachesAnybodyInside(As as) throws Exception {
    String list =
        "for fd in /proc/self/fd/*; do readlink $fd; done; readlink /proc/self/cwd; readlink /proc/self/root; true";
    String said = run(usual(as, list));
    assertThat(said.lines())
        .allMatch(line -> line.matches("pipe:\\[\\d+\\]|/|/proc/\\d+/fd|/proc/self/fd|"));
    try (Container container = engine.prepare(usual(as, "read _"))) {
      container.start();
      Program more =
          new Program(List.of("sh", "-c", list), List.of("PATH=/bin"), "/", Program.User.ROOT);
      try (ContainerProcess guest = container.exec(more, Stdio.PIPES)) {
        String brought = new String(guest.stdout().orElseThrow().readAllBytes(), UTF_8);
        assertThat(brought.lines())
            .hasSizeGreaterThan(3)
            .allMatch(line -> line.matches("pipe:\\[\\d+\\]|/|/proc/\\d+/fd|/proc/self/fd|"));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/proc/self/fd/3", "/proc/self/fd/8", "/proc/self/fd/9/../../.."})
  void aWorkingDirectoryIsNoDescriptorOfTheEngine(String workdir) {
    As as = dev.terrarium.engine.host.Rights.current().privileged() ? As.ROOT : As.ROOTLESS;
    try (Container container = engine.prepare(usual(as, "pwd -P").withWorkdir(workdir))) {
      assertThatThrownBy(container::start)
          .isInstanceOf(ContainerException.class)
          .hasMessageMatching("(?s)change-directory: chdir\\(.*(ENOENT|ENOTDIR).*");
    }
  }

  /** The program inside makes whoever comes in run the visitor's own program once more. */
  @ParameterizedTest
  @EnumSource
  void theEnginesProgramCannotBeOverwrittenFromInside(As as) throws Exception {
    Path stub = stub();
    byte[] before = Files.readAllBytes(stub);
    String script =
        """
        printf '#!/proc/self/exe\\n' > /trap; chmod 755 /trap
        echo ready
        while [ ! -e /over ]; do
          for p in /proc/[0-9]*; do
            case $(readlink $p/exe) in
              *stub*) echo found $(readlink $p/exe); (echo owned > $p/exe) 2>&1; (echo owned >> $p/exe) 2>&1;;
            esac
          done
        done
        echo over
        """;
    ContainerSpec spec =
        as == As.ROOT
            ? shell(as, files -> files, script).withHardening(Hardening.NONE)
            : usual(as, script);
    try (Container container = engine.prepare(spec)) {
      container.start();
      assertThat(line(container)).isEqualTo("ready");
      Program trap = new Program(List.of("/trap"), List.of(), "/", Program.User.ROOT);
      for (int i = 0; i < 5; i++) {
        try (ContainerProcess guest = container.exec(trap, Stdio.PIPES)) {
          assertThat(guest.pid()).isPresent();
          // It is the stub now, and listens to us: nothing that it has is the host's.
          guest.stdin().orElseThrow().flush();
          Thread.sleep(50);
        }
      }
      enough(container);
      String said = new String(container.stdout().orElseThrow().readAllBytes(), UTF_8);
      assertThat(said)
          .contains("found /memfd:stub")
          .contains("over")
          .doesNotContain("found /" + state);
      assertThat(said)
          .containsAnyOf("Operation not permitted", "Text file busy", "Permission denied");
    }
    assertThat(stub).hasBinaryContent(before);
  }

  /** Tells a script that it may end. */
  private static void enough(Container container) throws Exception {
    List<String> touch = List.of("/bin/touch", "/over");
    Program more = new Program(touch, List.of(), "/", Program.User.ROOT);
    try (ContainerProcess guest = container.exec(more, Stdio.NULL)) {
      assertThat(guest.exited().get(20, TimeUnit.SECONDS)).isEqualTo(new ExitStatus.Exited(0));
    }
  }

  private Path stub() throws IOException {
    try (Stream<Path> files = Files.list(state)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("stub-"))
          .findFirst()
          .orElseThrow();
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoeverComesInCannotBeTracedOrLookedInto(As as) throws Exception {
    String spy =
        """
        echo ready
        while [ ! -e /over ]; do
          for p in /proc/[0-9]*; do
            case $p in /proc/1|/proc/$$) ;; *)
              ls $p/fd $p/root/etc 2>/dev/null; readlink $p/exe $p/cwd;;
            esac
          done
          kill -STOP -1 2>/dev/null; kill -CONT -1 2>/dev/null
        done > /seen 2>&1
        echo over; grep -v busybox /seen | grep stub | sort | uniq -c; true
        """;
    try (Container container = engine.prepare(usual(as, spy))) {
      container.start();
      assertThat(line(container)).isEqualTo("ready");
      Program more = new Program(List.of("/bin/true"), List.of(), "/", Program.User.ROOT);
      for (int i = 0; i < 10; i++) {
        try (ContainerProcess guest = container.exec(more, Stdio.NULL)) {
          assertThat(guest.exited().get(20, TimeUnit.SECONDS)).isNotNull();
        } catch (ContainerException e) {
          // It was killed on its way in, which harms nobody else.
        }
      }
      enough(container);
      String said = new String(container.stdout().orElseThrow().readAllBytes(), UTF_8);
      assertThat(said).isEqualTo("over\n");
    }
  }

  @ParameterizedTest
  @EnumSource
  void signalsReachNobodyOutside(As as) throws Exception {
    long engineProcess = ProcessHandle.current().pid();
    String said =
        run(
            usual(
                as,
                tried("kill -9 " + engineProcess, "kill -STOP " + engineProcess)
                    + "\nkill -9 -1; ls -d /proc/[0-9]* | wc -l"));
    assertThat(said).contains("No such process").doesNotContain("done");
  }

  @Test
  void aProcessOutsideIsNoWayToTheHostsFiles() throws Exception {
    // Of a container that shares the host's pid namespace.
    Host.requiresRoot();
    Files.writeString(host.resolve("secret"), "the host's secret\n");
    ContainerSpec spec =
        usual(
            As.ROOT,
            "cat /proc/"
                + ProcessHandle.current().pid()
                + "/root"
                + host.resolve("secret")
                + " 2>&1; true");
    assertThat(run(spec)).doesNotContain("the host's secret");
  }

  // --- volumes ---

  @ParameterizedTest
  @EnumSource
  void aVolumesSourceIsWhatItWasWhenTheUserNamedIt(As as) throws Exception {
    Path shared = Files.createDirectory(host.resolve("shared"));
    Files.createDirectory(host.resolve("private"));
    Files.writeString(host.resolve("private/secret"), "the host's secret\n");
    // An earlier guest has left a link in what it was given.
    ContainerSpec first =
        usual(
            as,
            files -> files.withVolumes(List.of(new Volume(Optional.of(shared), "/data", false))),
            "ln -s " + host.resolve("private") + " /data/sub; cat /data/sub/secret 2>&1; true");
    assertThat(run(first)).contains("No such file").doesNotContain("the host's secret");
  }

  // --- odd words ---

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../../etc",
        "..",
        ".",
        "a/b",
        "/",
        "",
        "-rf",
        " ",
        "a b",
        "a\nb",
        "é",
        ".journal"
      })
  void aNameIsNoPath(String name) {
    ContainerSpec box = usual(As.ROOTLESS, "true");
    ContainerSpec odd =
        ContainerSpec.of(
            name,
            box.namespaces().fresh(),
            box.files().root(),
            box.files().proc(),
            box.program().argv());
    assertThatThrownBy(() -> engine.prepare(odd))
        .isInstanceOf(InvalidSpecException.class)
        .hasMessageStartingWith("name \"");
  }

  @ParameterizedTest
  @EnumSource
  void longAndOddArgumentsArriveAsTheyAre(As as) throws Exception {
    String word = "x".repeat(10_000) + "\u0001\u001b[2J\n\t中\ud83d\ude00\"'\\$(reboot)`reboot`";
    ContainerSpec spec = usual(as, "");
    spec =
        spec.withProgram(
            new Program(
                List.of("sh", "-c", "printf %s \"$1$ODD\"", "sh", word),
                List.of("PATH=/bin", "ODD=" + word),
                "/",
                Program.User.ROOT));
    assertThat(run(spec)).isEqualTo(word + word);
    assertThatThrownBy(() -> engine.prepare(usual(as, "true").withHostname("h".repeat(10_000))))
        .hasMessage("hostname of 10000 bytes: the kernel takes 1 to 64");
  }

  @ParameterizedTest
  @EnumSource
  void anEnvironmentBombIsRefusedInOneLine(As as) {
    List<String> bomb =
        IntStream.range(0, 4000).mapToObj(i -> "K" + i + "=" + "v".repeat(1000)).toList();
    try (Container container = engine.prepare(usual(as, "true").withEnv(bomb))) {
      assertThatThrownBy(container::start)
          .isInstanceOf(ContainerException.class)
          .satisfies(e -> assertThat(e.getMessage()).hasLineCount(1).hasSizeLessThan(300));
    }
  }
}
