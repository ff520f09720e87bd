package dev.terrarium.engine.container;

import static java.nio.charset.StandardCharsets.UTF_8;
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
import dev.terrarium.engine.spec.Hardening;
import dev.terrarium.engine.spec.Proc;
import dev.terrarium.engine.spec.Program;
import dev.terrarium.engine.spec.Root;
import dev.terrarium.engine.spec.Stdio;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A second program in a running container. */
@Timeout(60)
class ExecTest {
  private static final List<String> ENV =
      List.of("PATH=/bin:/usr/bin", "PS1=" + PtyConsole.prompt("# ", true));

  @TempDir Path state;
  private final List<Fact> facts = new CopyOnWriteArrayList<>();
  private Engine engine;

  @BeforeEach
  void open() throws IOException {
    engine = Engine.open(state, facts::add);
  }

  @AfterEach
  void close() {
    engine.close();
    assertThat(ProcessHandle.current().children()).isEmpty();
    assertThat(state.resolve("run")).isEmptyDirectory();
  }

  private static ContainerSpec box(boolean rootless, String script) {
    Set<NamespaceType> namespaces =
        EnumSet.of(NamespaceType.PID, NamespaceType.MNT, NamespaceType.UTS, NamespaceType.IPC);
    if (rootless || !Rights.current().privileged()) {
      namespaces.add(NamespaceType.USER);
    }
    return ContainerSpec.of(
            "box", namespaces, new Root.Image("lesson"), Proc.NEW, List.of("/bin/sh", "-c", script))
        .withHostname("box")
        .withEnv(ENV)
        .withStdio(Stdio.PIPES);
  }

  private static Program sh(String script) {
    return new Program(List.of("sh", "-c", script), ENV, "/", Program.User.ROOT);
  }

  /** Runs it to its end and gives back what it printed. */
  private static String output(ContainerProcess process) throws Exception {
    try (process) {
      String printed = new String(process.stdout().orElseThrow().readAllBytes(), UTF_8);
      String complaints = new String(process.stderr().orElseThrow().readAllBytes(), UTF_8);
      assertThat(complaints).isEmpty();
      assertThat(process.exited().get(10, TimeUnit.SECONDS)).isEqualTo(new ExitStatus.Exited(0));
      return printed.strip();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void isInTheSameWorld(boolean rootless) throws Exception {
    String script = "echo here > /tmp/mark; echo ready; exec sleep 1000";
    try (Container container = engine.prepare(box(rootless, script))) {
      container.start();
      container.stdout().orElseThrow().readNBytes(6);

      assertThat(output(container.exec(sh("hostname; cat /tmp/mark /proc/1/comm"), Stdio.PIPES)))
          .isEqualTo("box\nhere\nsleep");
      assertThat(output(container.exec(sh("ls -l /proc/self/ns | sed 's/.*-> //'"), Stdio.PIPES)))
          .isEqualTo(output(container.exec(sh("ls -l /proc/1/ns | sed 's/.*-> //'"), Stdio.PIPES)))
          .contains("pid:[");
      assertThat(container.exited()).isNotDone();
    }
  }

  @Test
  void hasInputAndAStatusOfItsOwn() throws Exception {
    try (Container container = engine.prepare(box(false, "exec sleep 1000"))) {
      container.start();
      try (ContainerProcess process = container.exec(sh("cat; exit 7"), Stdio.PIPES)) {
        try (OutputStream input = process.stdin().orElseThrow()) {
          input.write("to the end".getBytes(UTF_8));
        }
        assertThat(process.stdout().orElseThrow().readAllBytes())
            .asString()
            .isEqualTo("to the end");
        assertThat(process.exited().get(10, TimeUnit.SECONDS)).isEqualTo(new ExitStatus.Exited(7));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void canTalkOnATerminal(boolean rootless) throws Exception {
    try (Container container = engine.prepare(box(rootless, "exec sleep 1000"))) {
      container.start();
      Program shell = new Program(List.of("sh"), ENV, "/tmp", Program.User.ROOT);
      try (ContainerProcess process = container.exec(shell, Stdio.TERMINAL)) {
        Console console = process.console().orElseThrow();
        Duration soon = Duration.ofSeconds(10);
        assertThat(console.ask("pwd; hostname", soon)).isEqualTo("/tmp\nbox");
        // Job control needs the controlling terminal.
        assertThat(console.ask("sleep 1000 & jobs", soon)).contains("Running");
        console.type("exit 3\n");
        assertThat(process.exited().get(10, TimeUnit.SECONDS)).isEqualTo(new ExitStatus.Exited(3));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void mayDoNoMoreThanTheFirstProcess(boolean rootless) throws Exception {
    Hardening strict = Hardening.USUAL.withDenyList(false).withOomScoreAdjust(500);
    String limits =
        "grep -e Cap -e NoNewPrivs -e Seccomp: /proc/%s/status; cat /proc/%s/oom_score_adj";
    ContainerSpec spec = box(rootless, "exec sleep 1000").withHardening(strict);
    try (Container container = engine.prepare(spec)) {
      container.start();

      assertThat(output(container.exec(sh(limits.formatted("self", "self")), Stdio.PIPES)))
          .isEqualTo(output(container.exec(sh(limits.formatted("1", "1")), Stdio.PIPES)))
          .contains("NoNewPrivs:\t1", "500");
    }
  }

  @Test
  void canBeSomebodyElse() throws Exception {
    Host.requiresRoot();
    try (Container container = engine.prepare(box(false, "exec sleep 1000"))) {
      container.start();
      Program nobody =
          new Program(List.of("id", "-u"), ENV, "/", new Program.User(65534, 65534, List.of()));
      assertThat(output(container.exec(nobody, Stdio.PIPES))).isEqualTo("65534");
    }
  }

  @Test
  void endsWithTheContainer() throws Exception {
    Container container = engine.prepare(box(false, "exec sleep 1000"));
    container.start();
    ContainerProcess process = container.exec(sh("exec sleep 2000"), Stdio.NULL);
    container.close();
    assertThat(process.exited().get(10, TimeUnit.SECONDS)).isEqualTo(new ExitStatus.Killed(9));
  }

  @Test
  void anotherEngineCanDoItToo() throws Exception {
    try (Container container = engine.prepare(box(false, "exec sleep 1000"))) {
      container.start();
      try (Engine other = Engine.open(state, fact -> {})) {
        ContainerProcess guest =
            other.exec(container.pid().orElseThrow(), sh("hostname"), Stdio.PIPES);
        assertThat(output(guest)).isEqualTo("box");
      }
    }
  }

  @Test
  void aProgramThatIsNotThereIsNamedAndNothingIsLeftRunning() {
    try (Container container = engine.prepare(box(false, "exec sleep 1000"))) {
      container.start();
      assertThatThrownBy(() -> container.exec(Program.of(List.of("/bin/nope")), Stdio.PIPES))
          .isInstanceOf(ContainerException.class)
          .hasMessageContaining("there is no such program inside the container");
      assertThat(engine.observe().process(container.pid().orElseThrow())).isPresent();
    }
  }

  @Test
  void whatHasEndedTakesNobodyIn() throws Exception {
    try (Container container = engine.prepare(box(false, "true"))) {
      container.start();
      container.exited().get(10, TimeUnit.SECONDS);
      assertThatThrownBy(() -> container.exec(sh("true"), Stdio.PIPES))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("container box does not run");
    }
  }

  /** On its way in it still holds the pipes by which the engine commands a process of the host. */
  @Test
  void nobodyInsideCanTraceItOnItsWayIn() throws Exception {
    try (Container container = engine.prepare(box(false, "exec sleep 1000"))) {
      container.start();
      facts.clear();
      output(container.exec(sh("true"), Stdio.PIPES));

      List<String> calls =
          facts.stream()
              .filter(Fact.Called.class::isInstance)
              .map(fact -> ((Fact.Called) fact).call())
              .map(call -> call.name() + call.args())
              .toList();
      int locked = indexOf(calls, "PR_SET_DUMPABLE");
      assertThat(locked).isPositive().isLessThan(indexOf(calls, "setns"));
    }
  }

  private static int indexOf(List<String> calls, String part) {
    for (int i = 0; i < calls.size(); i++) {
      if (calls.get(i).contains(part)) {
        return i;
      }
    }
    return -1;
  }
}
