package dev.terrarium.engine.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrarium.engine.Engine;
import dev.terrarium.engine.Host;
import dev.terrarium.engine.console.Console;
import dev.terrarium.engine.console.PtyConsole;
import dev.terrarium.engine.fact.ExitStatus;
import dev.terrarium.engine.fact.Fact;
import dev.terrarium.engine.host.Rights;
import dev.terrarium.engine.observe.NamespaceType;
import dev.terrarium.engine.spec.ContainerSpec;
import dev.terrarium.engine.spec.Filesystem;
import dev.terrarium.engine.spec.InvalidSpecException;
import dev.terrarium.engine.spec.Proc;
import dev.terrarium.engine.spec.Root;
import dev.terrarium.engine.spec.Stdio;
import dev.terrarium.engine.step.MountStep;
import dev.terrarium.engine.step.ProcessStep;
import dev.terrarium.engine.syscall.SyscallEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Containers on the real kernel; run as root they use its rights, else a user namespace. */
@Timeout(60)
public class ContainerTest {
  private static final Duration SOON = Duration.ofSeconds(10);

  @TempDir Path state;
  private final List<Fact> facts = new CopyOnWriteArrayList<>();
  private Engine engine;
  private String mountsBefore;

  @BeforeEach
  void open() throws IOException {
    mountsBefore = Files.readString(Path.of("/proc/self/mountinfo"));
    engine = openEngine(state, facts::add);
  }

  /** Whose containers they are makes no difference to any of these tests. */
  protected Engine openEngine(Path folder, Consumer<Fact> hearer) throws IOException {
    return Engine.open(folder, hearer);
  }

  @AfterEach
  void nothingIsLeftBehind() throws IOException {
    engine.close();
    assertThat(Path.of("/proc/self/mountinfo")).hasContent(mountsBefore);
    assertThat(ProcessHandle.current().children()).isEmpty();
    try (Stream<Path> runs = Files.list(state.resolve("run"))) {
      assertThat(runs).isEmpty();
    }
  }

  private Set<NamespaceType> namespaces(NamespaceType... types) {
    Set<NamespaceType> set = EnumSet.noneOf(NamespaceType.class);
    set.addAll(List.of(types));
    if (!Rights.current().privileged()) {
      set.add(NamespaceType.USER);
    }
    return set;
  }

  private ContainerSpec spec(Set<NamespaceType> namespaces, Stdio stdio, String... argv) {
    ContainerSpec spec =
        ContainerSpec.of("box", namespaces, new Root.Image("lesson"), Proc.NEW, List.of(argv))
            .withEnv(List.of("PATH=/bin:/usr/bin", "PS1=" + PtyConsole.prompt("\\w # ", true)))
            .withStdio(stdio);
    return namespaces.contains(NamespaceType.UTS) ? spec.withHostname("box") : spec;
  }

  private ContainerSpec usual(Stdio stdio, String... argv) {
    return spec(namespaces(NamespaceType.PID, NamespaceType.MNT, NamespaceType.UTS), stdio, argv);
  }

  private static ExitStatus end(Container container) throws Exception {
    return container.exited().get(10, TimeUnit.SECONDS);
  }

  @Test
  void runsAProgramThatSeesItselfAsProcessOne() throws Exception {
    try (Container container =
        engine.prepare(
            usual(Stdio.PIPES, "sh", "-c", "echo $$; hostname; ps; cat /proc/1/comm; exit"))) {
      container.start();
      String output =
          new String(container.stdout().orElseThrow().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(output.lines().limit(2)).containsExactly("1", "box");
      assertThat(output.lines().toList().getLast()).isEqualTo("sh");
      assertThat(end(container)).isEqualTo(new ExitStatus.Exited(0));
    }
  }

  @Test
  void reportsTheExitStatusAndTheSignal() throws Exception {
    try (Container container = engine.prepare(usual(Stdio.NULL, "sh", "-c", "exit 42"))) {
      container.start();
      assertThat(end(container)).isEqualTo(new ExitStatus.Exited(42));
    }
    try (Container container = engine.prepare(usual(Stdio.NULL, "sleep", "1000"))) {
      container.start();
      engine.signal(container.pid().orElseThrow(), 9);
      assertThat(end(container)).isEqualTo(new ExitStatus.Killed(9));
      assertThat(end(container).shellStatus()).isEqualTo(137);
    }
  }

  @Test
  void canBeStoppedAndLookedAtBetweenAnyTwoSteps() {
    try (Container container = engine.prepare(usual(Stdio.NULL, "sleep", "1000"))) {
      assertThat(container.step().orElseThrow()).isInstanceOf(ProcessStep.Clone.class);
      int pid = container.pid().orElseThrow();
      var process = engine.observe().process(pid).orElseThrow();
      assertThat(process.innermostPid()).isEqualTo(1);
      assertThat(process.namespaces().pid()).isNotEqualTo(engine.observe().self().pid());
      assertThat(process.namespaces().net()).isEqualTo(engine.observe().self().net());
      container.start();
      assertThat(engine.observe().process(pid).orElseThrow().argv())
          .containsExactly("sleep", "1000");
    }
  }

  @Test
  void abandonsASetupThatIsHalfDone() {
    Container container = engine.prepare(usual(Stdio.NULL, "sleep", "1000"));
    container.step();
    container.step();
    int pid = container.pid().orElseThrow();
    container.close();
    assertThat(ProcessHandle.of(pid)).isEmpty();
  }

  @Test
  void writesIntoItsOwnLayerAndNeverIntoTheImage() throws Exception {
    try (Container container =
        engine.prepare(
            usual(
                Stdio.NULL,
                "sh",
                "-c",
                "echo changed > /etc/motd; rm /usr/bin/greet; sleep 1000"))) {
      container.start();
      Path upper =
          ((MountStep.MountOverlay)
                  container.plan().stream()
                      .filter(MountStep.MountOverlay.class::isInstance)
                      .findFirst()
                      .orElseThrow())
              .upper();
      Path image =
          ((MountStep.MountOverlay)
                  container.plan().stream()
                      .filter(MountStep.MountOverlay.class::isInstance)
                      .findFirst()
                      .orElseThrow())
              .lower()
              .getLast();
      await(() ->
          Files.exists(upper.resolve("usr/bin/greet"), java.nio.file.LinkOption.NOFOLLOW_LINKS));
      assertThat(upper.resolve("etc/motd")).hasContent("changed");
      assertThat((int) Files.getAttribute(upper.resolve("usr/bin/greet"), "unix:mode") >> 12)
          .as("a character device")
          .isEqualTo(2);
      assertThat(image.resolve("etc/motd")).hasContent("Welcome to the terrarium.");
    }
  }

  @Test
  void talksOnATerminalOfItsOwn() throws Exception {
    try (Container container = engine.prepare(usual(Stdio.TERMINAL, "sh"))) {
      container.start();
      Console console = container.console().orElseThrow();
      assertThat(console.ask("echo $$", SOON)).isEqualTo("1");
      assertThat(console.ask("echo 中文; echo two", SOON)).isEqualTo("中文\ntwo");
      console.type("half a li");
      assertThat(console.ask("hostname", SOON)).isEqualTo("box");
      console.type("exit 3\n");
      assertThat(end(container)).isEqualTo(new ExitStatus.Exited(3));
    }
  }

  @Test
  void takesANewProcWhileItRuns() throws Exception {
    ContainerSpec leaking = usual(Stdio.TERMINAL, "sh");
    ContainerSpec spec = leaking.withFiles(Filesystem.bare(leaking.files().root(), Proc.HOST));
    try (Container container = engine.prepare(spec)) {
      container.start();
      Console console = container.console().orElseThrow();
      String own = Long.toString(ProcessHandle.current().pid());
      assertThat(console.ask("cat /proc/" + own + "/comm", SOON)).isEqualTo("java");
      container.perform(new MountStep.MountProc(Path.of("/proc")));
      assertThat(console.ask("cat /proc/1/comm", SOON)).isEqualTo("sh");
      assertThat(console.ask("ls -d /proc/" + own, SOON)).contains("No such file");
    }
  }

  @Test
  void hearsWhatItsProgramsCall() throws Exception {
    ContainerSpec spec = usual(Stdio.NULL, "sh", "-c", "cd /etc; rm motd").withWire(true);
    try (Container container = engine.prepare(spec)) {
      container.start();
      assertThat(end(container)).isEqualTo(new ExitStatus.Exited(0));
      assertThat(facts)
          .anySatisfy(fact ->
              assertThat(fact)
                  .isInstanceOfSatisfying(
                      Fact.Heard.class,
                      heard -> {
                        assertThat(heard.container()).isEqualTo("box");
                        assertThat(heard.call().name()).startsWith("unlink");
                        assertThat(heard.call().paths()).containsExactly("/etc/motd");
                      }));
    }
  }

  @Test
  void recordsEveryCallWithItsDecodedArguments() throws Exception {
    try (Container container = engine.prepare(usual(Stdio.NULL, "true"))) {
      container.start();
      int pid = container.pid().orElseThrow();
      assertThat(end(container)).isEqualTo(new ExitStatus.Exited(0));
      List<SyscallEvent> calls =
          facts.stream()
              .filter(Fact.Called.class::isInstance)
              .map(fact -> ((Fact.Called) fact).call())
              .toList();
      assertThat(calls)
          .extracting(SyscallEvent::name)
          .containsSubsequence(
              "clone",
              "prctl",
              "mount",
              "mount",
              "mount",
              "sethostname",
              "pivot_root",
              "umount2",
              "execve",
              "wait4");
      SyscallEvent clone = calls.getFirst();
      assertThat(clone.args().getFirst().text())
          .contains("CLONE_NEWPID")
          .contains("CLONE_VFORK")
          .contains("SIGCHLD");
      assertThat(clone.result()).isEqualTo(pid);
      assertThat(clone.note().orElseThrow()).matches("new pid:\\[\\d+].*");
      assertThat(
              calls.stream()
                  .filter(call -> call.name().equals("pivot_root"))
                  .findFirst()
                  .orElseThrow()
                  .pid())
          .isEqualTo(pid);
    }
  }

  @Test
  void worksInAUserNamespaceAsWell() throws Exception {
    Set<NamespaceType> all =
        EnumSet.of(
            NamespaceType.USER,
            NamespaceType.PID,
            NamespaceType.MNT,
            NamespaceType.UTS,
            NamespaceType.IPC,
            NamespaceType.NET);
    try (Container container =
        engine.prepare(
            spec(all, Stdio.PIPES, "sh", "-c", "id -u; cat /proc/self/uid_map; touch /x"))) {
      container.start();
      String output =
          new String(container.stdout().orElseThrow().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(output).startsWith("0\n").containsPattern("0 +" + Rights.current().uid() + " +1");
      assertThat(end(container)).isEqualTo(new ExitStatus.Exited(0));
    }
  }

  @Test
  void endsWhatOutlivesItsFirstProcessWithoutAPidNamespace() throws Exception {
    Host.requiresRoot();
    ContainerSpec plain =
        ContainerSpec.of("plain", Set.of(), new Root.Host(), Proc.HOST, List.of("/bin/sh"))
            .withEnv(List.of("PATH=/bin:/usr/bin", "PS1=" + PtyConsole.prompt("$ ", false)))
            .withStdio(Stdio.TERMINAL);
    int orphan;
    try (Container container = engine.prepare(plain)) {
      container.start();
      Console console = container.console().orElseThrow();
      assertThat(console.ask("echo $$", SOON))
          .isEqualTo(Integer.toString(container.pid().orElseThrow()));
      orphan =
          Integer.parseInt(
              console
                  .ask("nohup sleep 1000 > /dev/null 2>&1 & echo $!", SOON)
                  .lines()
                  .toList()
                  .getLast());
      console.type("exit\n");
      assertThat(end(container)).isInstanceOf(ExitStatus.Exited.class);
      assertThat(ProcessHandle.of(orphan)).isPresent();
    }
    await(() -> ProcessHandle.of(orphan).filter(ProcessHandle::isAlive).isEmpty());
  }

  @Test
  void saysWhichCallFailedAndWhatWouldHelp() {
    try (Container container = engine.prepare(usual(Stdio.NULL, "/bin/no-such-program"))) {
      assertThatThrownBy(container::start)
          .isInstanceOf(ContainerException.class)
          .hasMessageStartingWith("exec: execve(\"/bin/no-such-program\"")
          .hasMessageContaining("ENOENT")
          .hasMessageEndingWith("there is no such program inside the container");
    }
  }

  @Test
  void refusesAWrongSpecificationBeforeAnythingIsMade() {
    ContainerSpec wrong =
        ContainerSpec.of("bad name", Set.of(), new Root.Image("lesson"), Proc.NEW, List.of())
            .withHostname("box")
            .withEnv(List.of("novalue"))
            .withWorkdir("relative");
    assertThatThrownBy(() -> engine.prepare(wrong))
        .isInstanceOf(InvalidSpecException.class)
        .extracting(e -> ((InvalidSpecException) e).problems().size())
        .isEqualTo(7);
    assertThat(facts).isEmpty();
  }

  /** Waits for the kernel to have done it; looks again each time the test process is scheduled. */
  private static void await(java.util.concurrent.Callable<Boolean> condition) throws Exception {
    long deadline = System.nanoTime() + SOON.toNanos();
    while (!condition.call()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
      Thread.onSpinWait();
    }
  }
}
