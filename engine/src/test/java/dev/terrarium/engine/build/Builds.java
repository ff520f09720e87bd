package dev.terrarium.engine.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.terrarium.engine.Engine;
import dev.terrarium.engine.Host;
import dev.terrarium.engine.container.Container;
import dev.terrarium.engine.fact.BuildStep;
import dev.terrarium.engine.fact.CacheMiss;
import dev.terrarium.engine.fact.ExitStatus;
import dev.terrarium.engine.fact.Fact;
import dev.terrarium.engine.image.Image;
import dev.terrarium.engine.image.ImageStore;
import dev.terrarium.engine.journal.StateFolder;
import dev.terrarium.engine.observe.NamespaceType;
import dev.terrarium.engine.spec.ContainerSpec;
import dev.terrarium.engine.spec.Filesystem;
import dev.terrarium.engine.spec.Proc;
import dev.terrarium.engine.spec.Root;
import dev.terrarium.engine.spec.Stdio;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests that build for real, each with an engine of its own, after which nothing is left. */
@Timeout(120)
abstract class Builds {
  @TempDir Path folder;
  final List<Fact> facts = new CopyOnWriteArrayList<>();
  Engine engine;
  Path context;
  private String mountsBefore;
  private int number;

  @BeforeEach
  void open() throws IOException {
    Host.requires(Host.busybox(), "busybox, of which the lesson image is made");
    mountsBefore = Files.readString(Path.of("/proc/self/mountinfo"));
    context = Files.createDirectory(folder.resolve("context"));
    engine = Engine.open(folder.resolve("state"), facts::add);
  }

  @AfterEach
  void nothingIsLeftBehind() throws IOException {
    engine.close();
    assertThat(Path.of("/proc/self/mountinfo")).hasContent(mountsBefore);
    assertThat(ProcessHandle.current().children()).isEmpty();
    try (Stream<Path> runs = Files.list(folder.resolve("state/run"))) {
      assertThat(runs).isEmpty();
    }
  }

  void file(String name, String content) throws IOException {
    Path file = context.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  BuildRequest request(String dockerfile) throws IOException {
    file("Dockerfile", dockerfile);
    return BuildRequest.of("build" + number++, context, Optional.of("built"));
  }

  /** Builds what the text says, as {@code built}. */
  Image build(String dockerfile) throws Exception {
    return build(dockerfile, request -> request);
  }

  Image build(String dockerfile, UnaryOperator<BuildRequest> how) throws Exception {
    facts.clear();
    try (Build build = engine.build(how.apply(request(dockerfile)))) {
      Build.Built built = build.built().get(60, TimeUnit.SECONDS);
      return store().image(built.manifest());
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  /** What is wrong with it. */
  Throwable failure(String dockerfile) {
    return catchThrowable(() -> build(dockerfile));
  }

  ImageStore store() {
    return new ImageStore(
        new StateFolder(folder.resolve("state")),
        folder.resolve("state/beside"),
        engine.privileged());
  }

  <T extends Fact> List<T> told(Class<T> kind) {
    return facts.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /** What the program of RUN printed. */
  String printed() {
    return told(Fact.InstructionPrinted.class).stream()
        .map(Fact.InstructionPrinted::text)
        .collect(Collectors.joining());
  }

  /** The reasons for which instructions ran, by their line. */
  List<String> reasons() {
    return told(Fact.InstructionRuns.class).stream()
        .map(fact -> fact.step().line() + " " + fact.why().sentence())
        .toList();
  }

  /** The lines that were taken from the cache. */
  List<Integer> cached() {
    return told(Fact.InstructionCached.class).stream()
        .map(Fact.InstructionCached::step)
        .map(BuildStep::line)
        .toList();
  }

  CacheMiss why(int line) {
    return told(Fact.InstructionRuns.class).stream()
        .filter(fact -> fact.step().line() == line)
        .findFirst()
        .orElseThrow()
        .why();
  }

  /** What a shell script prints in a container of an image. */
  String run(String image, String script) throws Exception {
    Set<NamespaceType> kinds =
        EnumSet.of(
            NamespaceType.PID,
            NamespaceType.MNT,
            NamespaceType.UTS,
            NamespaceType.IPC,
            NamespaceType.NET);
    if (!engine.privileged()) {
      kinds.add(NamespaceType.USER);
    }
    Root root = new Root.Image(image);
    try (Container container =
        engine.prepare(
            ContainerSpec.of("look", kinds, root, Proc.NEW, List.of("sh", "-c", script))
                .withFiles(Filesystem.usual(root, Proc.NEW))
                .withEnv(List.of("PATH=/bin:/usr/bin"))
                .withStdio(Stdio.PIPES))) {
      container.start();
      String out =
          new String(container.stdout().orElseThrow().readAllBytes(), StandardCharsets.UTF_8);
      String err =
          new String(container.stderr().orElseThrow().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(container.exited().get(10, TimeUnit.SECONDS))
          .as(err)
          .isEqualTo(new ExitStatus.Exited(0));
      return out;
    }
  }
}
