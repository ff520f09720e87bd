package dev.terrarium.engine.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrarium.engine.Engine;
import dev.terrarium.engine.Host;
import dev.terrarium.engine.fact.ExitStatus;
import dev.terrarium.engine.fact.Fact;
import dev.terrarium.engine.observe.NamespaceType;
import dev.terrarium.engine.spec.ContainerSpec;
import dev.terrarium.engine.spec.Proc;
import dev.terrarium.engine.spec.Root;
import dev.terrarium.engine.spec.Stdio;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Containers that run a shell script, as root and rootless; nothing is left of them. */
@Timeout(60)
abstract class Hardened {
  enum As {
    ROOT,
    ROOTLESS
  }

  @TempDir Path state;
  final List<Fact> facts = new CopyOnWriteArrayList<>();
  Engine engine;
  private String mountsBefore;

  @BeforeEach
  void open() throws IOException {
    mountsBefore = Files.readString(Path.of("/proc/self/mountinfo"));
    engine = Engine.open(state, facts::add);
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

  static ContainerSpec shell(As as, String script) {
    if (as == As.ROOT) {
      Host.requiresRoot();
    }
    Set<NamespaceType> kinds =
        EnumSet.of(NamespaceType.PID, NamespaceType.MNT, NamespaceType.UTS, NamespaceType.IPC);
    if (as == As.ROOTLESS) {
      kinds.add(NamespaceType.USER);
    }
    return ContainerSpec.of(
            "box", kinds, new Root.Image("lesson"), Proc.NEW, List.of("sh", "-c", script))
        .withEnv(List.of("PATH=/bin:/usr/bin"))
        .withStdio(Stdio.PIPES);
  }

  /** What it printed, errors included, when it has ended; its status is 0. */
  String run(ContainerSpec spec) throws Exception {
    try (Container container = engine.prepare(spec)) {
      container.start();
      String out = text(container.stdout().orElseThrow());
      String err = text(container.stderr().orElseThrow());
      assertThat(container.exited().get(10, TimeUnit.SECONDS))
          .as("%s%s", out, err)
          .isEqualTo(new ExitStatus.Exited(0));
      return out + err;
    }
  }

  private static String text(InputStream stream) throws IOException {
    return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
  }
}
