package dev.terrarium.engine.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the real kernel tells in a glance. */
@Timeout(60)
class GlanceTest {

  private static final List<String> OWN = List.of("--user", "--map-root-user", "--pid", "--mount");

  /** A person's machine may lack the rights; in CI a test that cannot run is a test that fails. */
  private static Unshared start(String script) throws IOException {
    try {
      return Unshared.start(OWN, script);
    } catch (IOException e) {
      assumeTrue(System.getenv("CI") != null, "user namespaces are not allowed here");
      throw e;
    }
  }

  /** The glance at a process that has come to wait. */
  private static Glance waiting(Unshared shell) throws IOException {
    while (!Files.readString(Path.of("/proc/" + shell.pid() + "/stat")).contains(") S ")) {
      Thread.onSpinWait();
    }
    return Glance.at(List.of(shell.pid()));
  }

  @Test
  void aProcessThatOnlyWaitsLooksTheSameAndOneThatForkedDoesNot() throws IOException {
    try (Unshared shell = start("")) {
      Glance waiting = waiting(shell);
      assertThat(waiting.ran().get(shell.pid())).isNotEmpty();
      assertThat(Glance.at(List.of(shell.pid())).sameWatched(waiting)).isTrue();

      shell.release();
      assertThat(Glance.at(List.of(shell.pid())).sameWatched(waiting)).isFalse();
    }
  }

  @Test
  void aMountThatSomebodyElseMakesThereIsSeen() throws Exception {
    try (Unshared shell = start("")) {
      Glance before = waiting(shell);
      Process mount =
          new ProcessBuilder(
                  "nsenter",
                  "--target=" + shell.pid(),
                  "--user",
                  "--mount",
                  "--preserve-credentials",
                  "mount",
                  "-t",
                  "tmpfs",
                  "none",
                  "/mnt")
              .inheritIO()
              .start();
      assertThat(mount.waitFor()).isZero();

      Glance after = Glance.at(List.of(shell.pid()));
      assertThat(after.ran()).isEqualTo(before.ran());
      assertThat(after.sameWatched(before)).isFalse();
    }
  }

  @Test
  void moreProcessesAreMoreLinks() throws IOException {
    int before = Glance.at(List.of()).processes();
    try (Unshared crowd = start("for i in $(seq 100); do sleep 1000 & done >/dev/null")) {
      assertThat(crowd.pid()).isPositive();
      // The host lives on meanwhile.
      assertThat(Glance.at(List.of()).processes()).isGreaterThan(before + 50);
    }
  }

  @Test
  void aKernelWithoutTheseStatisticsIsAskedForTimeAndFaults(@TempDir Path proc) throws IOException {
    Files.createDirectory(proc.resolve("7"));
    Files.writeString(proc.resolve("7/schedstat"), "0 0 0\n");
    Files.writeString(proc.resolve("7/stat"), "7 (sh) S 1 7 7 0 -1 4194560 100 0 0 0 2 1");
    Glance before = Glance.at(proc, List.of(7));
    Files.writeString(proc.resolve("7/stat"), "7 (sh) S 1 7 7 0 -1 4194560 130 0 0 0 2 1");
    assertThat(Glance.at(proc, List.of(7)).sameWatched(before)).isFalse();
  }
}
