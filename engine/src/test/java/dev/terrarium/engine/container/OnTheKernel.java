package dev.terrarium.engine.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrarium.engine.Engine;
import dev.terrarium.engine.Host;
import dev.terrarium.engine.console.PtyConsole;
import dev.terrarium.engine.fact.ExitStatus;
import dev.terrarium.engine.fact.Fact;
import dev.terrarium.engine.observe.NamespaceType;
import dev.terrarium.engine.spec.ContainerSpec;
import dev.terrarium.engine.spec.Filesystem;
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
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests whose containers are real, each with an engine of its own, after which nothing is left. */
@Timeout(60)
abstract class OnTheKernel {
  /** With what rights a container is made. */
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

  /**
   * A shell script in the lesson image, in all namespaces, with the files that Docker would give.
   */
  static ContainerSpec shell(As as, UnaryOperator<Filesystem> files, String script) {
    if (as == As.ROOT) {
      Host.requiresRoot();
    }
    Set<NamespaceType> kinds =
        EnumSet.of(
            NamespaceType.PID,
            NamespaceType.MNT,
            NamespaceType.UTS,
            NamespaceType.IPC,
            NamespaceType.NET);
    if (as == As.ROOTLESS) {
      kinds.add(NamespaceType.USER);
    }
    Root root = new Root.Image("lesson");
    return ContainerSpec.of("box", kinds, root, Proc.NEW, List.of("sh", "-c", script))
        .withFiles(files.apply(Filesystem.usual(root, Proc.NEW)))
        .withHostname("glass")
        .withEnv(List.of("PATH=/bin:/usr/bin", "PS1=" + PtyConsole.prompt("\\w # ", true)))
        .withStdio(Stdio.PIPES);
  }

  /** What it printed, errors included, when it has ended; its status is 0. */
  String run(ContainerSpec spec) throws Exception {
    try (Container container = engine.prepare(spec)) {
      container.start();
      return output(container);
    }
  }

  static String output(Container container) throws Exception {
    String out = text(container.stdout().orElseThrow());
    String err = text(container.stderr().orElseThrow());
    assertThat(container.exited().get(10, TimeUnit.SECONDS))
        .as("%s%s", out, err)
        .isEqualTo(new ExitStatus.Exited(0));
    return out + err;
  }

  private static String text(InputStream stream) throws IOException {
    return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
  }

  /** The next line that it prints. */
  static String line(Container container) throws IOException {
    StringBuilder line = new StringBuilder();
    InputStream stream = container.stdout().orElseThrow();
    for (int c = stream.read(); c >= 0 && c != '\n'; c = stream.read()) {
      line.append((char) c);
    }
    return line.toString();
  }

  /** Lets a script go on that waits with {@code read}. */
  static void goOn(Container container) throws IOException {
    container.stdin().orElseThrow().write('\n');
    container.stdin().orElseThrow().flush();
  }

  /** The disk that the host's root is on, whatever it is. */
  static String disk() throws IOException {
    return Files.readAllLines(Path.of("/proc/partitions")).stream()
        .skip(2)
        .map(line -> line.strip().split("\\s+"))
        .map(fields -> fields[0] + " " + fields[1])
        .findFirst()
        .orElse("7 0");
  }

  <T extends Fact> T only(Class<T> kind) {
    List<T> found = facts.stream().filter(kind::isInstance).map(kind::cast).toList();
    assertThat(found).hasSize(1);
    return found.getFirst();
  }
}
