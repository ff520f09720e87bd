package dev.terrarium.engine.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrarium.engine.Engine;
import dev.terrarium.engine.Host;
import dev.terrarium.engine.fact.Fact;
import dev.terrarium.engine.file.RawPath;
import dev.terrarium.engine.image.Image;
import dev.terrarium.engine.image.ImageStore;
import dev.terrarium.engine.journal.StateFolder;
import dev.terrarium.engine.layer.ImageTree;
import dev.terrarium.engine.layer.LayerEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A build without any right on the host, in a JVM of its own in a user namespace in which whoever
 * runs the tests is number 1000 and has no capability.
 */
@Timeout(180)
class OrdinaryUserBuildTest {
  @TempDir Path folder;

  @Test
  void buildsInUserNamespacesAndSaysOfItsFilesThatTheyAreRoots() throws Exception {
    Host.requires(Host.busybox(), "busybox, of which the lesson image is made");
    Host.requires(Files.isExecutable(Path.of("/usr/bin/unshare")), "unshare(1)");
    List<String> command =
        new ArrayList<>(List.of("unshare", "--user", "--map-user=1000", "--map-group=1000"));
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            OrdinaryUserBuildTest.class.getName(),
            folder.toString()));
    Path said = folder.resolve("said");
    Process jvm =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile()).start();
    boolean ended = jvm.waitFor(120, TimeUnit.SECONDS);
    if (!ended) {
      jvm.destroyForcibly();
    }
    assertThat(ended && jvm.exitValue() == 0).as(Files.readString(said)).isTrue();
  }

  /** What happens in the JVM that has no rights. */
  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    Path context = Files.createDirectory(folder.resolve("context"));
    Files.writeString(context.resolve("x"), "x");
    List<Fact> facts = new CopyOnWriteArrayList<>();
    try (Engine engine = Engine.open(folder.resolve("state"), facts::add)) {
      assertThat(engine.privileged()).isFalse();
      Image image =
          build(
              engine,
              context,
              """
              FROM lesson
              COPY --chown=7:8 x /x
              RUN rm /etc/motd && echo own > /own && id -u
              RUN test ! -e /etc/motd && cat /x
              """);
      assertThat(facts)
          .filteredOn(Fact.InstructionPrinted.class::isInstance)
          .extracting(fact -> ((Fact.InstructionPrinted) fact).text())
          .containsExactly("0\n", "x");
      ImageTree tree = ImageTree.of(store(folder).entries(image));
      assertThat(owner(tree, "own")).isEqualTo("0:0");
      assertThat(owner(tree, "bin/busybox")).isEqualTo("0:0");
      assertThat(owner(tree, "x")).as("as COPY says, whatever this host can do").isEqualTo("7:8");
      assertThat(tree.find(RawPath.of("etc/motd"))).isEmpty();

      assertThat(
              Assertions.catchThrowable(
                  () -> build(engine, context, "FROM lesson\nUSER 7\nRUN id\n")))
          .hasMessageContaining("Dockerfile:3:1: ");
    }
  }

  private static String owner(ImageTree tree, String path) {
    LayerEntry entry = tree.find(RawPath.of(path)).orElseThrow().entry();
    return entry.uid() + ":" + entry.gid();
  }

  private static ImageStore store(Path folder) {
    return new ImageStore(
        new StateFolder(folder.resolve("state")), folder.resolve("state/beside"), false);
  }

  private static Image build(Engine engine, Path context, String dockerfile)
      throws IOException, InterruptedException {
    Files.writeString(context.resolve("Dockerfile"), dockerfile);
    try (Build build = engine.build(BuildRequest.of("build", context, Optional.of("built")))) {
      var done = build.built().handle((built, problem) -> problem).join();
      if (done instanceof RuntimeException wrong) {
        throw wrong;
      }
      assertThat(done).isNull();
      return store(Objects.requireNonNull(context.getParent())).image("built");
    }
  }
}
