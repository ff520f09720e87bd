package dev.terrarium.engine.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrarium.engine.Engine;
import dev.terrarium.engine.Host;
import dev.terrarium.engine.container.Container;
import dev.terrarium.engine.observe.NamespaceType;
import dev.terrarium.engine.observe.Observer;
import dev.terrarium.engine.observe.ProcessInfo;
import dev.terrarium.engine.spec.ContainerSpec;
import dev.terrarium.engine.spec.Proc;
import dev.terrarium.engine.spec.Root;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** kill -9 of the engine: the kernel ends what ran, the next engine removes what was written. */
@Timeout(120)
class LeftoversTest {
  @TempDir Path state;

  /**
   * Another JVM with an engine of its own, which stops after so many steps and waits to be killed.
   */
  public static final class Victim {
    private Victim() {}

    public static void main(String[] args) throws Exception {
      Engine engine = Engine.open(Path.of(args[0]), fact -> {});
      boolean pidNamespace = args[2].equals("pid");
      Set<NamespaceType> namespaces =
          pidNamespace
              ? EnumSet.of(NamespaceType.PID, NamespaceType.MNT)
              : EnumSet.noneOf(NamespaceType.class);
      Container container =
          engine.prepare(
              ContainerSpec.of(
                      "victim",
                      namespaces,
                      pidNamespace ? new Root.Image("lesson") : new Root.Host(),
                      pidNamespace ? Proc.NEW : Proc.HOST,
                      List.of("/bin/sh", "-c", "sleep 86399 & sleep 86399"))
                  .withEnv(List.of("PATH=/bin:/usr/bin")));
      int steps = Integer.parseInt(args[1]);
      for (int i = 0; i < steps; i++) {
        container.step();
      }
      int pid = container.pid().orElse(0);
      while (!pidNamespace && ProcessHandle.of(pid).orElseThrow().children().count() == 0) {
        Thread.onSpinWait(); // until the shell has started what is to outlive it
      }
      System.out.println(pid); // the test reads it
      Thread.sleep(Long.MAX_VALUE);
    }
  }

  private int startAndKill(int steps, String kind) throws IOException, InterruptedException {
    Process jvm =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Victim.class.getName(),
                state.toString(),
                Integer.toString(steps),
                kind)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(jvm.getInputStream(), StandardCharsets.UTF_8))) {
      int pid = Integer.parseInt(Optional.ofNullable(lines.readLine()).orElse("0"));
      jvm.destroyForcibly().waitFor();
      return pid;
    }
  }

  private List<ProcessInfo> ours() {
    return new Observer()
        .observe().processes().stream()
            .filter(process ->
                process.command().contains("86399")
                    || process.command().startsWith(state.toString()))
            .filter(process -> process.state() != 'Z')
            .toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8})
  void nothingRunsAfterAKillAtAnyStep(int steps) throws Exception {
    Host.requiresRoot();
    startAndKill(steps, "pid");
    await(() -> ours().isEmpty());
    Leftovers.sweep(new StateFolder(state));
    assertThat(state.resolve("run")).isEmptyDirectory();
  }

  @Test
  void whatNoNamespaceEndsTheNextEngineEnds() throws Exception {
    int pid = startAndKill(5, "plain");
    assertThat(pid).isPositive();
    // The first process dies with its engine; what it started does not.
    await(() -> ProcessHandle.of(pid).isEmpty());
    assertThat(ours()).isNotEmpty();
    Leftovers.sweep(new StateFolder(state));
    await(() -> ours().isEmpty());
    assertThat(state.resolve("run")).isEmptyDirectory();
  }

  @Test
  void aLivingEnginesFolderIsLeftAlone() throws Exception {
    try (Run run = Run.begin(new StateFolder(state))) {
      assertThat(Leftovers.sweep(new StateFolder(state))).isEmpty();
      assertThat(run.folder()).isDirectory();
    }
    assertThat(state.resolve("run")).isEmptyDirectory();
  }

  @Test
  void removesAFolderThatIsClosedToItsOwnerAndNeverWhatALinkPointsTo() throws Exception {
    Path precious = Files.writeString(state.resolve("precious"), "keep");
    Path folder = Files.createDirectories(state.resolve("tree/work/work"));
    Files.createSymbolicLink(state.resolve("tree/link"), precious);
    Files.createSymbolicLink(state.resolve("tree/up"), state);
    Files.setPosixFilePermissions(folder, Set.of());
    Trees.remove(state.resolve("tree"));
    assertThat(state.resolve("tree")).doesNotExist();
    assertThat(precious).hasContent("keep");
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
      Thread.onSpinWait();
    }
  }
}
