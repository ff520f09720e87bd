package dev.terrarium.engine.container;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.terrarium.engine.Engine;
import dev.terrarium.engine.Host;
import dev.terrarium.engine.fact.ExitStatus;
import dev.terrarium.engine.fact.Fact;
import dev.terrarium.engine.observe.NamespaceType;
import dev.terrarium.engine.spec.ContainerSpec;
import dev.terrarium.engine.spec.Hardening;
import dev.terrarium.engine.spec.Proc;
import dev.terrarium.engine.spec.Program;
import dev.terrarium.engine.spec.Root;
import dev.terrarium.engine.spec.Stdio;
import dev.terrarium.engine.step.Step;
import dev.terrarium.engine.step.WireStep;
import dev.terrarium.engine.syscall.Arch;
import dev.terrarium.engine.syscall.HeardCall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a container's own programs call is heard, and nothing that they do hinders them. */
class WireTest extends OnTheKernel {
  private static final int UNLINKAT = Arch.host() == Arch.X86_64 ? 263 : 35;
  private static final int MMAP = Arch.host() == Arch.X86_64 ? 9 : 222;
  private static final int USERFAULTFD = Arch.host() == Arch.X86_64 ? 323 : 282;

  private static ContainerSpec wired(As as, String script) {
    return shell(as, UnaryOperator.identity(), script).withWire(true);
  }

  /** Calls that no shell would make, by the host's own perl; as root on the host's files. */
  private static ContainerSpec perl(String script) {
    Host.requiresRoot();
    Host.requires(Files.isExecutable(Path.of("/usr/bin/perl")), "perl");
    return ContainerSpec.of(
            "box",
            Set.of(NamespaceType.PID),
            new Root.Host(),
            Proc.HOST,
            List.of("/usr/bin/perl", "-e", "my $nowhere = \"/no/such/file\"; " + script))
        .withStdio(Stdio.PIPES)
        .withWire(true);
  }

  private List<HeardCall> heard() {
    return facts.stream()
        .filter(Fact.Heard.class::isInstance)
        .map(fact -> ((Fact.Heard) fact).call())
        .toList();
  }

  private List<HeardCall> heard(String name) {
    return heard().stream().filter(call -> call.name().equals(name)).toList();
  }

  /** Which of the two names it has depends on the program and on the processor. */
  private HeardCall removed(String path) {
    List<HeardCall> calls =
        heard().stream()
            .filter(call -> call.name().startsWith("unlink") && call.paths().contains(path))
            .toList();
    assertThat(calls).as("%s", heard()).hasSize(1);
    return calls.getFirst();
  }

  // --- what is heard ---

  @ParameterizedTest
  @EnumSource
  void aRemovedFileIsHeardWithItsPath(As as) throws Exception {
    run(wired(as, "rm /etc/motd && test ! -e /etc/motd"));
    assertThat(removed("/etc/motd").args().toString()).contains("/etc/motd");
    assertThat(facts).noneMatch(Fact.LeftOut.class::isInstance);
  }

  @ParameterizedTest
  @EnumSource
  void relativePathsBeginWhereTheCallerIs(As as) throws Exception {
    run(wired(as, "cd /etc && rm motd && cd /tmp && mkdir a && mv a ../tmp/b && echo hi > b/c"));
    assertThat(removed("/etc/motd").args().toString()).contains("motd").doesNotContain("/etc");
    assertThat(heard().stream().flatMap(call -> call.paths().stream()))
        .contains("/tmp/a", "/tmp/b", "/tmp/b/c");
  }

  @ParameterizedTest
  @EnumSource
  void mountsNamesSignalsAndProgramsAreHeard(As as) throws Exception {
    run(
        wired(
            as,
            "mkdir /m; mount -t tmpfs none /m; umount /m; hostname jar; sleep 1000 & kill $!; wait $!; /bin/true; exit 0"));
    String all = heard().stream().map(HeardCall::toString).collect(Collectors.joining("\n"));
    assertThat(all)
        .containsPattern("mount\\(\"none\", \"/m\", \"tmpfs\", .*, (NULL|\"\")\\) = \\?")
        .containsPattern("umount2\\(\"/m\", .*\\) = \\?")
        .contains("sethostname(\"jar\", 3) = ?")
        .containsPattern("kill\\([0-9]+, SIGTERM\\) = \\?")
        .containsPattern(
            "execve\\(\"/bin/true\", \\[\"/bin/true\"\\], 0x[0-9a-f]+ /\\* [0-9]+ vars \\*/\\) = \\?");
  }

  @Test
  void whatTheEngineDoesToMakeItIsNotHeardAsItsOwn() throws Exception {
    ContainerSpec spec = wired(As.ROOT, "exit 0");
    run(spec.withHardening(Hardening.USUAL).withUser(new Program.User(1000, 1000, List.of())));
    assertThat(heard()).isEmpty();
  }

  @Test
  void allOfItIsToldBeforeTheEnd() throws Exception {
    run(wired(As.ROOT, "for i in $(seq 50); do mkdir /tmp/$i; done"));
    Fact.Ended ended = only(Fact.Ended.class);
    assertThat(facts.subList(0, facts.indexOf(ended)).stream().filter(Fact.Heard.class::isInstance))
        .hasSizeGreaterThanOrEqualTo(50);
    assertThat(heard("mkdir").size() + heard("mkdirat").size()).isEqualTo(50);
  }

  @Test
  void callersAreKnownByTheirNumberOnTheHost() throws Exception {
    try (Container container = engine.prepare(wired(As.ROOT, "mkdir /tmp/x; read line"))) {
      container.start();
      goOn(container);
      container.exited().get(10, TimeUnit.SECONDS);
      assertThat(heard()).isNotEmpty();
      Stream<String> names = heard().stream().flatMap(call -> call.paths().stream());
      assertThat(names).contains("/tmp/x");
      assertThat(heard()).allMatch(call -> call.pid() >= container.pid().orElseThrow());
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatTheDenyListRefusesIsRefusedAndNotHeard(As as) throws Exception {
    String script = "hostname jar 2>&1; rm /etc/motd";
    assertThat(run(wired(as, script).withHardening(Hardening.USUAL)))
        .contains("Operation not permitted");
    assertThat(heard("sethostname")).isEmpty();
    assertThat(removed("/etc/motd")).isNotNull();
  }

  @ParameterizedTest
  @EnumSource
  void aProgramBroughtInIsHeardToo(As as) throws Exception {
    try (Container container = engine.prepare(wired(as, "read line"))) {
      container.start();
      ContainerProcess second =
          container.exec(
              new Program(
                  List.of(
                      "sh", "-c", "rm /etc/motd; grep Seccomp: /proc/self/status; hostname jar"),
                  List.of("PATH=/bin:/usr/bin"),
                  "/",
                  Program.User.ROOT),
              Stdio.PIPES);
      try (second) {
        String printed = new String(second.stdout().orElseThrow().readAllBytes(), UTF_8);
        assertThat(second.exited().get(10, TimeUnit.SECONDS)).isEqualTo(new ExitStatus.Exited(0));
        // It is listened to, and refused nothing, as the first one is.
        assertThat(printed).contains("2");
      }
      goOn(container);
      container.exited().get(10, TimeUnit.SECONDS);
    }
    assertThat(removed("/etc/motd")).isNotNull();
    assertThat(facts).noneMatch(Fact.LeftOut.class::isInstance);
  }

  @Test
  void withoutItNothingIsHeard() throws Exception {
    run(wired(As.ROOTLESS, "rm /etc/motd").withWire(false));
    assertThat(heard()).isEmpty();
  }

  // --- what cannot be heard ---

  /** One listener for a process and its ancestors is all that the kernel allows. */
  @Test
  void whereSomebodyListensAlreadyItIsLeftOutAndSaysWhy() throws Exception {
    Path nested = Files.createDirectory(state.resolve("nested"));
    String classPath = System.getProperty("java.class.path");
    Path java = ProcessHandle.current().info().command().map(Path::of).orElseThrow();
    ContainerSpec spec =
        ContainerSpec.of(
                "box",
                Set.of(),
                new Root.Host(),
                Proc.HOST,
                List.of(
                    java.toString(),
                    "-XX:TieredStopAtLevel=1",
                    "--enable-native-access=ALL-UNNAMED",
                    "-cp",
                    classPath,
                    NestedEngine.class.getName(),
                    nested.toString()))
            .withStdio(Stdio.PIPES)
            .withWire(true);
    Host.requiresRoot();
    assertThat(run(spec))
        .contains("left out: listen-to-calls")
        .contains("EBUSY")
        .contains("somebody listens to this program's calls already")
        .contains("ended: 0");
  }

  // --- what is meant to hurt ---

  @Test
  void pointersThatLeadNowhereHurtNobody() throws Exception {
    run(
        perl(
            """
            my $long = "x" x (1 << 20);
            for my $address (1, 0x7fff_0000_0000, -1, -4096) {
              syscall(%1$d, -100, $address, 0);
              die "$!" unless $!{EFAULT};
            }
            syscall(%1$d, -100, $long, 0);
            die "$!" unless $!{ENAMETOOLONG};
            syscall(%1$d, 9999, my $relative = "nowhere", 0);
            die "$!" unless $!{EBADF};
            """
                .formatted(UNLINKAT)));
    List<String> calls = heard("unlinkat").stream().map(HeardCall::toString).toList();
    assertThat(calls).hasSize(6);
    assertThat(calls.get(0)).isEqualTo("unlinkat(AT_FDCWD, 0x1, 0) = ?");
    assertThat(calls.get(4)).hasSizeLessThan(4200).contains("xxx…");
    assertThat(heard("unlinkat")).allMatch(call -> call.paths().isEmpty());
  }

  @Test
  void stringsMayEndWhereMemoryEnds() throws Exception {
    run(
        perl(
            """
            my $page = syscall(%d, 0, 4096, 3, 0x22, -1, 0);
            my $path = "/no/such/file\\0";
            my $at = $page + 4096 - length $path;
            open(my $memory, "+<", "/proc/self/mem") or die;
            sysseek($memory, $at, 0); syswrite($memory, $path) == length $path or die;
            syscall(%d, -100, $at, 0);
            die "$!" unless $!{ENOENT};
            """
                .formatted(MMAP, UNLINKAT)));
    assertThat(removed("/no/such/file")).isNotNull();
  }

  @Test
  void whoIsKilledWhileItWaitsLeavesNothingBehind() throws Exception {
    assertThat(
            run(
                perl(
                    """
                    for my $round (1 .. 200) {
                      my $child = fork;
                      if (!$child) { syscall(%1$d, -100, $nowhere, 0) while 1; }
                      select(undef, undef, undef, 0.001);
                      kill 9, $child; waitpid $child, 0;
                    }
                    print "done";
                    """
                        .formatted(UNLINKAT))))
        .isEqualTo("done");
  }

  @Test
  void manyCallersAtOnceAllGoOn() throws Exception {
    assertThat(
            run(
                perl(
                    """
                    my @children;
                    for my $n (1 .. 20) {
                      my $child = fork;
                      if (!$child) {
                        for (1 .. 1000) { syscall(%d, -100, $nowhere, 0); $!{ENOENT} or exit 1; }
                        exit 0;
                      }
                      push @children, $child;
                    }
                    for (@children) { waitpid $_, 0; die "a child got another error" if $?; }
                    print "done";
                    """
                        .formatted(UNLINKAT))))
        .isEqualTo("done");
    long missed =
        facts.stream()
            .filter(Fact.Unheard.class::isInstance)
            .mapToLong(fact -> ((Fact.Unheard) fact).count())
            .sum();
    assertThat(heard("unlinkat").size() + missed).isEqualTo(20_000);
  }

  @ParameterizedTest
  @EnumSource
  void aFloodOfShortLivesIsSurvived(As as) throws Exception {
    String loop = "i=0; while [ $i -lt 150 ]; do /bin/true; i=$((i+1)); done";
    assertThat(run(wired(as, "(%1$s) & (%1$s) & (%1$s) & wait; echo done".formatted(loop))))
        .isEqualTo("done\n");
    assertThat(heard("execve")).hasSize(450);
  }

  @Test
  void memoryThatIsFilledOnDemandIsNotWaitedFor() throws Exception {
    String output =
        run(
            perl(
                """
                my $fd = syscall(%1$d, 0x80000);
                die "userfaultfd: $!" if $fd < 0;
                open(my $fault, "+<&=", $fd) or die;
                my $api = pack("QQQ", 0xAA, 0, 0);
                ioctl($fault, 0xc018aa3f, $api) or die "api: $!";
                my $page = syscall(%2$d, 0, 4096, 3, 0x22, -1, 0);
                my $range = pack("QQQQ", $page, 4096, 1, 0);
                ioctl($fault, 0xc020aa00, $range) or die "register: $!";
                my $stuck = fork;
                if (!$stuck) { sleep 1000; }
                my $child = fork;
                if (!$child) {
                  # Not copied into a child: it needs its own.
                  my $own = syscall(%1$d, 0x80000);
                  open(my $f, "+<&=", $own) or die;
                  ioctl($f, 0xc018aa3f, my $hello = pack("QQQ", 0xAA, 0, 0)) or die;
                  ioctl($f, 0xc020aa00, my $region = pack("QQQQ", $page, 4096, 1, 0)) or die;
                  syscall(%3$d, -100, $page, 0);
                  exit 0;
                }
                select(undef, undef, undef, 0.1);
                for (1 .. 10) { syscall(%3$d, -100, $nowhere, 0); $!{ENOENT} or die; }
                kill 9, $child, $stuck;
                waitpid $child, 0;
                print "done";
                """
                    .formatted(USERFAULTFD, MMAP, UNLINKAT)));
    assertThat(output).isEqualTo("done");
    assertThat(heard("unlinkat")).hasSize(11);
    assertThat(heard("unlinkat").getFirst().toString())
        .matches("unlinkat\\(AT_FDCWD, 0x[0-9a-f]+, 0\\) = \\?");
    assertThat(facts).noneMatch(Fact.LeftOut.class::isInstance);
  }

  @Test
  void interruptsAreNobodysBusiness() throws Exception {
    try (Container container = engine.prepare(wired(As.ROOTLESS, "read line; rm /etc/motd"))) {
      container.start();
      threads("live wire").forEach(Thread::interrupt);
      goOn(container);
      output(container);
    }
    assertThat(removed("/etc/motd")).isNotNull();
  }

  /** Facts that nobody takes do not stop the container. */
  @Test
  void nobodyWaitsForASlowListener() throws Exception {
    Path other = Files.createDirectory(state.resolve("slow"));
    CountDownLatch released = new CountDownLatch(1);
    List<Fact> told = new CopyOnWriteArrayList<>();
    try (Engine slow =
        Engine.open(
            other,
            fact -> {
              if (fact instanceof Fact.Heard || fact instanceof Fact.Unheard) {
                told.add(fact);
                await(released);
              }
            })) {
      ContainerSpec spec =
          wired(
              As.ROOTLESS,
              "i=0; while [ $i -lt 3000 ]; do echo > /tmp/x; i=$((i+1)); done; echo done");
      try (Container container = slow.prepare(spec)) {
        container.start();
        assertThat(line(container)).isEqualTo("done");
        released.countDown();
        assertThat(container.exited().get(20, TimeUnit.SECONDS))
            .isEqualTo(new ExitStatus.Exited(0));
      }
    }
    assertThat(told.stream().filter(Fact.Unheard.class::isInstance)).hasSize(1);
    assertThat(((Fact.Unheard) told.getLast()).count()).isGreaterThan(1000);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void threadsAndDescriptorsAreGivenBack() throws Exception {
    run(wired(As.ROOTLESS, "true"));
    long descriptors = descriptors();
    for (int i = 0; i < 5; i++) {
      run(wired(As.ROOTLESS, "rm /etc/motd"));
      facts.removeIf(Fact.Heard.class::isInstance);
    }
    // One that is given up on its way.
    try (Container container = engine.prepare(wired(As.ROOTLESS, "true"))) {
      while (!container.plan().get(container.position()).id().equals("exec")) {
        container.step();
      }
    }
    assertThat(threads("live wire")).isEmpty();
    // The JVM opens some of its own now and then.
    assertThat(descriptors()).isLessThan(descriptors + 5);
  }

  private static List<Thread> threads(String name) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals(name))
        .toList();
  }

  private static long descriptors() throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return open.count();
    }
  }

  @Test
  void aPlanSaysWhenAndAPersonCanDoTheLike() {
    List<String> ids =
        Plan.of(
                wired(As.ROOTLESS, "true").withHardening(Hardening.USUAL),
                new Plan.Ground(
                    List.of(Path.of("/img")),
                    Path.of("/run/box"),
                    1000,
                    1000,
                    Optional.empty(),
                    Optional.empty()))
            .stream()
            .map(Step::id)
            .toList();
    assertThat(ids)
        .containsSubsequence(
            "pivot-root",
            "open-line",
            "forbid-new-privileges",
            "refuse-calls",
            "listen-to-calls",
            "drop-bounding-set",
            "exec");
    assertThat(new WireStep.ListenToCalls().byHand())
        .startsWith("strace -f --seccomp-bpf -e trace=chmod,")
        .contains(",unlinkat,");
  }

  /** What a call costs more if it is heard; the figures are in the test's report. */
  @Test
  void heardCallsCostMoreAndShellsStayUsable(TestReporter report) throws Exception {
    String calls = "i=0; while [ $i -lt 2000 ]; do echo > /dev/null; i=$((i+1)); done";
    String forks = "i=0; while [ $i -lt 200 ]; do /bin/true; i=$((i+1)); done";
    long micros = 0;
    for (String script : List.of(calls, forks)) {
      int count = script.equals(calls) ? 2000 : 200;
      for (boolean heard : List.of(false, true, false, true)) {
        long begin = System.nanoTime();
        run(wired(As.ROOTLESS, script).withWire(heard));
        micros = (System.nanoTime() - begin) / 1000 / count;
        report.publishEntry(
            "%s, %s, µs each"
                .formatted(count == 2000 ? "open" : "fork and execve", heard ? "heard" : "unheard"),
            Long.toString(micros));
      }
    }
    assertThat(micros).isPositive();
  }
}
