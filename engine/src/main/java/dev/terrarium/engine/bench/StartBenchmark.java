package dev.terrarium.engine.bench;

import dev.terrarium.engine.Engine;
import dev.terrarium.engine.cgroup.Delegation;
import dev.terrarium.engine.container.Container;
import dev.terrarium.engine.fact.Fact;
import dev.terrarium.engine.journal.StateFolder;
import dev.terrarium.engine.journal.Trees;
import dev.terrarium.engine.spec.ContainerSpec;
import dev.terrarium.engine.stub.Stub;
import dev.terrarium.engine.syscall.Arch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A container from nothing to nothing: made, {@code /bin/true} run, reaped, cleaned up. Beside it,
 * by turns, the peers that are installed doing the like, as whole processes, as they always do; our
 * own engine is there already, as it is in the workbench.
 */
public final class StartBenchmark {
  private final StateFolder state;
  private final Path folder;
  private final Path root;
  private final int rounds;

  private StartBenchmark(StateFolder state, Path folder, int rounds) throws IOException {
    this.state = state;
    this.folder = folder;
    this.root = Files.createDirectory(folder.resolve("root"));
    this.rounds = rounds;
    fillRoot(root);
  }

  /**
   * Measures by turns.
   *
   * @param rounds how many measured rounds; a tenth as many are run before, to warm up
   * @return medians in milliseconds and ratios, ready to print
   */
  public static String run(StateFolder state, int rounds) throws IOException, InterruptedException {
    // Below the state folder: an overlay's layers may not lie on another overlay.
    Files.createDirectories(state.path());
    Path folder = Files.createTempDirectory(state.path(), "bench-");
    try {
      return new StartBenchmark(state, folder, rounds).report();
    } finally {
      PeerRuntime.tidy(folder);
      Trees.remove(folder);
    }
  }

  private String report() throws IOException, InterruptedException {
    StringBuilder report = new StringBuilder();
    try (Engine engine = Engine.open(state.path(), fact -> {})) {
      report.append(
          "start, %s: /bin/true; reaped and cleaned; median of %d\n"
              .formatted(engine.privileged() ? "as root" : "rootless", rounds));
      boolean cgroups = Delegation.find() instanceof Delegation.Granted;
      report.append(race(engine, Shape.PLAIN));
      if (cgroups) {
        report.append(race(engine, Shape.COUNTED));
      }
      report.append(race(engine, cgroups ? Shape.USUAL : Shape.USUAL_UNCOUNTED));
      report.append(watched(engine));
      report.append(Fleet.report(engine, root));
    }
    return report.toString();
  }

  private String race(Engine engine, Shape shape) throws IOException, InterruptedException {
    Path peers =
        Files.createDirectory(folder.resolve("peers-" + shape.name().toLowerCase(Locale.ROOT)));
    Race race = new Race().with(shape.ours(engine, root));
    Arch arch = Arch.host();
    try (Stub stub = Stub.start(state.stub(arch), arch, call -> {})) {
      if (shape == Shape.PLAIN) {
        race.with(Floor.of(stub, root, folder.resolve("floor")));
      }
      return race.with(PeerRuntime.of(shape, root, peers)).run(rounds).report(shape.title());
    }
  }

  /** Whether it costs anything to be watched, and what looking between two steps costs. */
  private String watched(Engine engine) throws IOException, InterruptedException {
    Queue<Fact> kept = new ConcurrentLinkedQueue<>();
    try (Engine heard = Engine.open(state.path(), kept::add)) {
      return new Race()
          .with(named("nobody listens", Shape.PLAIN.ours(engine, root)))
          .with(named("every fact is kept", Shape.PLAIN.ours(heard, root)))
          .with(new Contender("a look at each step", () -> stepByStep(heard)))
          .run(Math.max(1, rounds / 4))
          .report("the same container of ours, watched");
    }
  }

  private static Contender named(String name, Contender contender) {
    return new Contender(name, contender.work());
  }

  private void stepByStep(Engine engine) throws IOException, InterruptedException {
    ContainerSpec spec = Shape.PLAIN.spec(engine, root, "bench", List.of("/bin/true"));
    try (Container container = engine.prepare(spec)) {
      while (container.step().isPresent()) {
        var _ = engine.observe();
      }
      Shape.awaitSuccess(container);
    }
  }

  /** The smallest root file system: a static busybox under the names that are needed. */
  private static void fillRoot(Path root) throws IOException {
    Path busybox =
        Programs.find("busybox")
            .orElseThrow(
                () -> new IOException("busybox (package busybox-static) is not installed"));
    for (String name : List.of("bin", "proc", "dev", "sys", "tmp", "etc")) {
      Files.createDirectory(root.resolve(name));
    }
    Files.copy(busybox, root.resolve("bin/busybox"));
    root.resolve("bin/busybox").toFile().setExecutable(true, false);
    for (String name : List.of("true", "sh", "sleep")) {
      Files.createSymbolicLink(root.resolve("bin").resolve(name), Path.of("busybox"));
    }
  }
}
