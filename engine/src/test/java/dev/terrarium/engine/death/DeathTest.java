package dev.terrarium.engine.death;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrarium.engine.Host;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * kill -9 of an engine, right before and right after each system call that it makes: after the next
 * engine has come, the host has what it had before, and nothing else.
 *
 * <p>With {@code -Dterrarium.long=true} at every call; else at the first of each kind and some of
 * the others.
 */
@Timeout(1800)
class DeathTest {
  private static final int SAMPLE = 29;

  @TempDir Path folder;

  @BeforeEach
  void prepare() throws Exception {
    Host.requiresRoot();
    Host.requires(Files.isExecutable(Path.of("/usr/bin/unshare")), "unshare(1)");
    Path rootfs = Files.createDirectories(folder.resolve("rootfs"));
    for (int i = 0; i < 40; i++) {
      Files.writeString(rootfs.resolve("file-" + i), "x".repeat(50_000));
    }
    Process tar = new ProcessBuilder("tar", "-C", rootfs.toString(), "-cf", "-", ".").start();
    try (OutputStream packed =
        new GZIPOutputStream(Files.newOutputStream(folder.resolve("rootfs.tar.gz")))) {
      tar.getInputStream().transferTo(packed);
    }
  }

  @ParameterizedTest
  @EnumSource
  void leavesNothingBehindAndHarmsNobody(Story story) throws Exception {
    int oneIn = Boolean.getBoolean("terrarium.long") ? 1 : SAMPLE;
    List<String> command =
        new ArrayList<>(
            List.of(
                "unshare",
                "--mount",
                "--pid",
                "--fork",
                "--kill-child",
                "--net",
                "--ipc",
                "--uts",
                "--mount-proc",
                // Process 1, which buries orphans.
                "sh",
                "-c",
                "\"$@\"; exit $?",
                "sh",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Executioner.class.getName(),
                story.name(),
                Integer.toString(oneIn),
                folder.resolve("state").toString(),
                folder.toString()));
    Path said = folder.resolve("said");
    Process world =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile()).start();
    try {
      assertThat(world.waitFor(1500, TimeUnit.SECONDS)).as("in time").isTrue();
    } finally {
      world.destroyForcibly();
    }
    assertThat(world.exitValue()).as(Files.readString(said)).isZero();
  }
}
