package dev.terrarium.engine.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Part of a test that needs a JVM of its own: in namespaces of its own, as another user, or to be
 * killed.
 */
final class OtherJvm {
  private OtherJvm() {}

  /** Not started yet. */
  static ProcessBuilder of(Class<?> main, String... args) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
    command.addAll(List.of(args));
    return new ProcessBuilder(command);
  }

  /**
   * Runs it to its end, which must be a good one; what it says is the reason otherwise.
   *
   * @param before what it is started by, such as unshare(1)
   * @param folder an empty one; its state folder, the first argument, is made in it
   */
  static void run(List<String> before, Path folder, Class<?> main, String... args)
      throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of(folder.resolve("state").toString()));
    all.addAll(List.of(args));
    ProcessBuilder builder = of(main, all.toArray(String[]::new));
    builder.command().addAll(0, before);
    Path said = folder.resolve("said");
    Process jvm = builder.redirectErrorStream(true).redirectOutput(said.toFile()).start();
    boolean ended = jvm.waitFor(60, TimeUnit.SECONDS);
    if (!ended) {
      jvm.destroyForcibly();
    }
    assertThat(ended && jvm.exitValue() == 0).as(Files.readString(said)).isTrue();
  }
}
