package dev.terrarium.engine.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrarium.engine.Host;
import dev.terrarium.engine.cgroup.OtherEngine.Goal;
import dev.terrarium.engine.journal.Leftovers;
import dev.terrarium.engine.journal.StateFolder;
import dev.terrarium.engine.observe.Observer;
import dev.terrarium.engine.observe.ProcessInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** kill -9 of an engine whose container has a cgroup: the next engine removes it. */
@Tag("guest")
@Timeout(120)
class CgroupLeftoversTest {
  @TempDir Path state;

  @ParameterizedTest
  @EnumSource(Goal.class)
  void nothingIsLeftOfAKilledEngine(Goal goal) throws Exception {
    Host.requiresRoot();
    Host.requires(Delegation.find() instanceof Delegation.Granted, "a cgroup hierarchy");
    List<Path> folders;
    try (OtherEngine other =
        OtherEngine.start(List.of(), System.getProperty("java.class.path"), state, goal)) {
      List<String> lines = other.lines();
      folders = lines.stream().filter(line -> line.startsWith("/")).map(Path::of).toList();
      assertThat(lines).endsWith("OptionalLong[16]", goal == Goal.MADE ? "0" : "1");
      other.kill();
    }
    assertThat(folders).isNotEmpty().allSatisfy(folder -> assertThat(folder).isDirectory());

    Leftovers.sweep(new StateFolder(state));

    assertThat(state.resolve("run")).isEmptyDirectory();
    assertThat(folders)
        .allSatisfy(folder -> assertThat(folder.resolve("..").normalize()).doesNotExist())
        .noneMatch(folder -> deserted(folder.resolve("../..").normalize()));
    await(() -> sleepers().isEmpty());
  }

  /** Whether the folder that all engines share is there, and no engine has anything in it. */
  private static boolean deserted(Path top) {
    try {
      return Files.isDirectory(top) && CgroupFolder.children(top).isEmpty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<ProcessInfo> sleepers() {
    return new Observer()
        .observe().processes().stream()
            .filter(process -> process.command().contains("86397"))
            .filter(process -> process.state() != 'Z')
            .toList();
  }

  private static void await(java.util.function.BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
      Thread.onSpinWait();
    }
  }
}
