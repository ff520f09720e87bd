package dev.terrarium.engine.bench;

import dev.terrarium.engine.Engine;
import dev.terrarium.engine.container.Container;
import dev.terrarium.engine.journal.StateFolder;
import dev.terrarium.engine.observe.NamespaceType;
import dev.terrarium.engine.spec.ContainerSpec;
import dev.terrarium.engine.spec.Proc;
import dev.terrarium.engine.spec.Root;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A container from nothing to nothing: new pid, mnt, uts, ipc and net namespaces, an overlay root,
 * a new /proc, {@code /bin/true}, reaped, cleaned up. Beside it, by turns, the peers that are
 * installed doing the like; they start as processes, as they always do, and make no overlay.
 */
public final class StartBenchmark {
  private static final Set<NamespaceType> NEW =
      EnumSet.of(
          NamespaceType.PID,
          NamespaceType.MNT,
          NamespaceType.UTS,
          NamespaceType.IPC,
          NamespaceType.NET);

  private StartBenchmark() {}

  /**
   * Measures by turns.
   *
   * @param rounds how many measured rounds; a tenth as many are run before, to warm up
   * @return medians in milliseconds and ratios, ready to print
   */
  public static String run(StateFolder state, int rounds) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("terrarium-bench-");
    Path root = Files.createDirectory(folder.resolve("root"));
    Path bundle = Files.createDirectory(folder.resolve("bundle"));
    try (Engine engine = Engine.open(state.path(), fact -> {})) {
      fillRoot(root);
      boolean rootless = !engine.privileged();
      List<Contender> contenders = new ArrayList<>();
      contenders.add(new Contender("terrarium", () -> once(engine, root, rootless)));
      contenders.addAll(PeerRuntime.installed(root, bundle, rootless));
      Race race = new Race(contenders);
      race.run(rounds);
      return race.report(
          "start, %s: pid, mnt, uts, ipc, net; /bin/true; reaped and cleaned; median of %d"
              .formatted(rootless ? "rootless" : "as root", rounds));
    } finally {
      removeTree(folder);
    }
  }

  private static void once(Engine engine, Path root, boolean rootless)
      throws InterruptedException, IOException {
    Set<NamespaceType> kinds = EnumSet.copyOf(NEW);
    if (rootless) {
      kinds.add(NamespaceType.USER);
    }
    ContainerSpec spec =
        ContainerSpec.of("bench", kinds, new Root.Folder(root), Proc.NEW, List.of("/bin/true"));
    try (Container container = engine.prepare(spec)) {
      container.start();
      int status = container.exited().get().shellStatus();
      if (status != 0) {
        throw new IOException("/bin/true ended with " + status);
      }
    } catch (ExecutionException e) {
      throw new IOException("the container was lost", e);
    }
  }

  /** The smallest root file system: a static busybox under the names that are needed. */
  private static void fillRoot(Path root) throws IOException {
    Path busybox =
        Programs.find("busybox")
            .orElseThrow(
                () -> new IOException("busybox (package busybox-static) is not installed"));
    for (String name : List.of("bin", "proc", "dev", "sys", "tmp")) {
      Files.createDirectory(root.resolve(name));
    }
    Files.copy(busybox, root.resolve("bin/busybox"));
    root.resolve("bin/busybox").toFile().setExecutable(true, false);
    for (String name : List.of("true", "sh")) {
      Files.createSymbolicLink(root.resolve("bin").resolve(name), Path.of("busybox"));
    }
  }

  private static void removeTree(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes a) throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path left, @Nullable IOException e)
              throws IOException {
            Files.delete(left);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
