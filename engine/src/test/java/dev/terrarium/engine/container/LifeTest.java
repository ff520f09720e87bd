package dev.terrarium.engine.container;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrarium.engine.Engine;
import dev.terrarium.engine.fact.ExitStatus;
import dev.terrarium.engine.host.Rights;
import dev.terrarium.engine.journal.StateFolder;
import dev.terrarium.engine.log.ContainerLog;
import dev.terrarium.engine.observe.NamespaceType;
import dev.terrarium.engine.registry.Registry;
import dev.terrarium.engine.registry.Status;
import dev.terrarium.engine.spec.ContainerSpec;
import dev.terrarium.engine.spec.Proc;
import dev.terrarium.engine.spec.Root;
import dev.terrarium.engine.spec.Stdio;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A container from its start to its end, and what others can see and do of it. */
@Timeout(60)
class LifeTest {
  @TempDir Path state;
  private Engine engine;
  private Registry registry;

  @BeforeEach
  void open() throws IOException {
    engine = Engine.open(state, fact -> {});
    registry = new Registry(new StateFolder(state));
  }

  @AfterEach
  void close() {
    engine.close();
    assertThat(ProcessHandle.current().children()).isEmpty();
    assertThat(state.resolve("run")).isEmptyDirectory();
  }

  private ContainerSpec spec(Stdio stdio, String script) {
    Set<NamespaceType> namespaces = EnumSet.of(NamespaceType.PID, NamespaceType.MNT);
    if (!Rights.current().privileged()) {
      namespaces.add(NamespaceType.USER);
    }
    return ContainerSpec.of(
            "box", namespaces, new Root.Image("lesson"), Proc.NEW, List.of("/bin/sh", "-c", script))
        .withEnv(List.of("PATH=/bin:/usr/bin"))
        .withStdio(stdio);
  }

  private Container started(Stdio stdio, String script) {
    Container container = engine.prepare(spec(stdio, script));
    container.start();
    return container;
  }

  /** Until the shell inside has said that its traps are set. */
  private static void awaitReady(Container container) throws IOException {
    byte[] ready = container.stdout().orElseThrow().readNBytes(6);
    assertThat(new String(ready, UTF_8)).isEqualTo("ready\n");
  }

  @Test
  void isAskedToEndBeforeItIsKilled() throws Exception {
    try (Container container =
        started(Stdio.PIPES, "trap 'exit 5' TERM; echo ready; while :; do sleep 0.1; done")) {
      awaitReady(container);

      assertThat(container.stop(Duration.ofSeconds(20))).isEqualTo(new ExitStatus.Exited(5));
      assertThat(container.stop(Duration.ZERO)).as("again").isEqualTo(new ExitStatus.Exited(5));
    }
  }

  @Test
  void isKilledWhenTheGraceIsOver() throws Exception {
    try (Container container = started(Stdio.PIPES, "echo ready; exec sleep 1000")) {
      awaitReady(container);

      assertThat(container.stop(Duration.ofMillis(50))).isEqualTo(new ExitStatus.Killed(9));
    }
  }

  @Test
  void whatDoesNotRunCannotBeStopped() {
    try (Container container = engine.prepare(spec(Stdio.NULL, "true"))) {
      assertThatThrownBy(() -> container.stop(Duration.ZERO))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("container box does not run");
    }
  }

  @Test
  void othersFindItWhileItRunsAndNotAfterwards() throws Exception {
    try (Container container = started(Stdio.NULL, "exec sleep 1000")) {
      Registry.Entry entry = registry.named("box").getFirst();
      assertThat(entry.record().pid()).isEqualTo(container.pid().orElseThrow());
      assertThat(entry.record().root()).isEqualTo("lesson");
      assertThat(entry.record().command()).containsExactly("/bin/sh", "-c", "exec sleep 1000");
      assertThat(entry.record().namespaces()).contains("pid", "mnt");
      assertThat(entry.status()).isEqualTo(new Status.Running());

      container.stop(Duration.ZERO);
      assertThat(registry.named("box").getFirst().status())
          .isEqualTo(new Status.Ended(new ExitStatus.Killed(9)));
    }
    assertThat(registry.list()).isEmpty();
  }

  @Test
  void canBeKeptWithWhatItWrote() throws Exception {
    try (Container container = started(Stdio.NULL, "echo mine > /root/file; exit 3")) {
      container.keep();
      container.exited().get(10, TimeUnit.SECONDS);
    }

    Registry.Entry kept = registry.named("box").getFirst();
    assertThat(kept.status()).isEqualTo(new Status.Ended(new ExitStatus.Exited(3)));
    assertThat(kept.folder().resolve("upper/root/file")).hasContent("mine");

    registry.remove(kept);
    assertThat(state.resolve("kept")).isEmptyDirectory();
  }

  @Test
  void keepsALogThatOutlivesItWithTheRest() throws Exception {
    try (Container container = engine.prepare(spec(Stdio.LOG, "cat; echo out; echo err >&2"))) {
      container.keep();
      container.start();
      assertThat(container.exited().get(10, TimeUnit.SECONDS)).isEqualTo(new ExitStatus.Exited(0));
      assertThat(container.stdout()).isEmpty();
    }

    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ContainerLog.read(
        registry.named("box").getFirst().folder(),
        () -> false,
        (at, stream, printed) ->
            out.writeBytes((stream + " " + new String(printed, UTF_8)).getBytes(UTF_8)));
    assertThat(out.toString(UTF_8).lines()).containsExactlyInAnyOrder("STDOUT out", "STDERR err");
  }

  @Test
  void nothingIsKeptOfAStartThatFailed() {
    try (Container container = engine.prepare(spec(Stdio.NULL, "true").withWorkdir("/nowhere"))) {
      container.keep();
      assertThatThrownBy(container::start).isInstanceOf(ContainerException.class);
    }
    assertThat(Files.exists(state.resolve("kept"))).isFalse();
  }
}
