package dev.terrarium.engine.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.terrarium.engine.Engine;
import dev.terrarium.engine.Host;
import dev.terrarium.engine.cgroup.CgroupUsage.PressureOn;
import dev.terrarium.engine.container.Container;
import dev.terrarium.engine.fact.ExitStatus;
import dev.terrarium.engine.observe.NamespaceType;
import dev.terrarium.engine.spec.ContainerSpec;
import dev.terrarium.engine.spec.Limits;
import dev.terrarium.engine.spec.Proc;
import dev.terrarium.engine.spec.Root;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What only version 2 has: controllers that are handed down, swap apart from memory, pressure. */
@Tag("guest")
@Timeout(300)
class UnifiedHierarchyTest {
  private static final long MIB = 1 << 20;

  @TempDir Path state;
  private Engine engine;
  private Path control;
  private Set<String> before;

  @BeforeEach
  void open() throws IOException {
    Host.requiresRoot();
    assumeTrue(
        Cgroups.find().layout() == Cgroups.Layout.V2, "the controllers are not in version 2 here");
    Path mounted = Cgroups.find().unified().orElseThrow().mountPoint();
    assumeTrue(CgroupFolder.children(mounted).isEmpty(), "others have cgroups here");
    control = mounted.resolve(V2.SUBTREE_CONTROL);
    before = CgroupFile.words(control);
    handDown("-", before);
    engine = Engine.open(state, fact -> {});
  }

  @AfterEach
  void asItWas() throws IOException {
    if (engine != null) {
      engine.close();
      handDown("+", before);
    }
  }

  private void handDown(String sign, Set<String> controllers) throws IOException {
    for (String controller : controllers) {
      Files.writeString(control, sign + controller);
    }
  }

  private Container started(Limits limits, String script) {
    Container container =
        engine.prepare(
            ContainerSpec.of(
                    "box",
                    Set.of(NamespaceType.PID, NamespaceType.MNT),
                    new Root.Image("lesson"),
                    Proc.NEW,
                    List.of("sh", "-c", script))
                .withEnv(List.of("PATH=/bin:/usr/bin"))
                .withLimits(limits));
    container.start();
    return container;
  }

  @Test
  void whatIsHandedDownForAContainerIsTakenBackWhenTheEngineEnds() {
    try (Container container = started(Limits.NONE.withPids(9), "sleep 1000")) {
      assertThat(CgroupFile.words(control)).contains("pids", "memory", "cpu", "cpuset", "io");
      Path leaf = container.cgroup().orElseThrow().folders().getFirst();
      assertThat(CgroupFile.words(leaf.resolve("cgroup.controllers"))).contains("pids");
      assertThat(CgroupFile.words(leaf.resolve(V2.SUBTREE_CONTROL))).isEmpty();
    }
    engine.close();
    assertThat(CgroupFile.words(control)).isEmpty();
  }

  @Test
  void whatIsHandedDownForOthersStays() throws IOException {
    handDown("+", Set.of("memory"));
    started(Limits.NONE.withPids(9), "sleep 1000").close();
    engine.close();
    assertThat(CgroupFile.words(control)).containsExactly("memory");
    handDown("-", Set.of("memory"));
  }

  @Test
  void aControllerThatOthersUseByNowStays() throws IOException {
    Path others = control.resolveSibling("tr-others-" + ProcessHandle.current().pid());
    try (Container container = started(Limits.NONE.withPids(9), "sleep 1000")) {
      Files.createDirectory(others);
      Files.writeString(others.resolve("pids.max"), "77");
      assertThat(container.pid()).isPresent();
    }
    engine.close();
    assertThat(CgroupFile.text(others.resolve("pids.max"))).hasValue("77");
    Files.delete(others);
    handDown("-", CgroupFile.words(control));
  }

  @Test
  void swapIsLimitedApartFromMemory() throws Exception {
    Host.requires(CgroupFile.lines(Path.of("/proc/swaps")).size() > 1, "swap");
    Limits limits =
        new Limits(
            OptionalDouble.empty(),
            OptionalInt.empty(),
            Optional.empty(),
            OptionalLong.of(16 * MIB),
            OptionalLong.of(4 * MIB),
            OptionalLong.empty(),
            List.of(),
            true);
    // More than memory and swap together hold: a word that doubles for ever.
    String hog = "x=aaaaaaaa; while :; do x=$x$x; done";
    try (Container container = started(limits, hog)) {
      assertThat(container.exited().get(120, TimeUnit.SECONDS)).isEqualTo(new ExitStatus.Killed(9));
      assertThat(container.cgroup().orElseThrow().tree().limits().swapBytes()).hasValue(4 * MIB);
      assertThat(container.usage().memory().orElseThrow().oomKills()).isEqualTo(1);
    }
  }

  @Test
  void whoWaitsForAProcessorIsUnderPressure() {
    Host.requires(Files.exists(Path.of("/proc/pressure/cpu")), "pressure stall information");
    try (Container container = started(Limits.NONE.withCpus(0.1), "while :; do :; done")) {
      await(() -> waitedForProcessor(container) > 0);
    }
  }

  private static long waitedForProcessor(Container container) {
    CgroupUsage.Pressure pressure = container.usage().pressure().get(PressureOn.CPU);
    assertThat(pressure).isNotNull();
    return pressure == null ? 0 : pressure.some().micros();
  }

  /** Waits for the kernel to have done it. */
  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
      Thread.onSpinWait();
    }
  }
}
