package dev.terrarium.engine.bench;

import dev.terrarium.engine.Engine;
import dev.terrarium.engine.container.Container;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Many containers at once: how long until all run, and what an idle one costs. Its own program's
 * memory is not counted; the engine's is, and that of the stub that waits for the container.
 */
final class Fleet {
  private static final int SIZE = 100;

  /** Processors are few; more threads at once would only wait for one another. */
  private static final int THREADS = 4;

  private static final long SETTLED_KILOBYTES = 256;
  private static final long SETTLING_MILLIS = 500;

  private Fleet() {}

  static String report(Engine engine, Path root) throws IOException, InterruptedException {
    // Once for what is loaded and compiled but once.
    close(start(engine, root));
    long before = residentAfterCollection();
    long began = System.nanoTime();
    List<Container> fleet = start(engine, root);
    double seconds = (System.nanoTime() - began) / 1e9;
    long own = residentAfterCollection() - before;
    long stubs = 0;
    for (Container container : fleet) {
      stubs += kilobytes(stubOf(container), "smaps_rollup", "Pss:");
    }
    long closing = System.nanoTime();
    close(fleet);
    double gone = (System.nanoTime() - closing) / 1e9;
    return String.format(
        Locale.ROOT,
        "%d containers at once, each a sleeping process%n"
            + "  all running after %.2f s, all gone after %.2f s more%n"
            + "  each costs %.0f KiB: %.0f KiB of the engine, %.0f KiB of a stub%n",
        SIZE,
        seconds,
        gone,
        (own + stubs) / (double) SIZE,
        own / (double) SIZE,
        stubs / (double) SIZE);
  }

  private static List<Container> start(Engine engine, Path root)
      throws IOException, InterruptedException {
    List<Future<Container>> starting = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      for (int number = 0; number < SIZE; number++) {
        String name = "fleet-" + number;
        starting.add(
            threads.submit(() -> {
              Container container =
                  engine.prepare(
                      Shape.PLAIN.spec(engine, root, name, List.of("/bin/sleep", "3600")));
              container.start();
              return container;
            }));
      }
    }
    List<Container> fleet = new ArrayList<>();
    for (Future<Container> started : starting) {
      try {
        fleet.add(started.get());
      } catch (ExecutionException e) {
        throw new IOException("one of many containers did not start", e);
      }
    }
    return fleet;
  }

  private static void close(List<Container> fleet) {
    fleet.forEach(Container::close);
  }

  private static int stubOf(Container container) {
    return ProcessHandle.of(container.pid().orElseThrow())
        .flatMap(ProcessHandle::parent)
        .map(stub -> (int) stub.pid())
        .orElseThrow();
  }

  /** The collector gives memory back to the kernel bit by bit: until it has. */
  private static long residentAfterCollection() throws IOException, InterruptedException {
    int self = (int) ProcessHandle.current().pid();
    System.gc();
    long last = Long.MAX_VALUE;
    long now = kilobytes(self, "status", "VmRSS:");
    while (now < last - SETTLED_KILOBYTES) {
      Thread.sleep(SETTLING_MILLIS);
      last = now;
      now = kilobytes(self, "status", "VmRSS:");
    }
    return now;
  }

  /** A line of a file of a process. Source: proc_pid_status(5), proc_pid_smaps(5). */
  private static long kilobytes(int pid, String file, String key) throws IOException {
    return Files.readAllLines(Path.of("/proc", Integer.toString(pid), file)).stream()
        .filter(line -> line.startsWith(key))
        .map(line -> line.substring(key.length()).strip().split(" ")[0])
        .mapToLong(Long::parseLong)
        .findFirst()
        .orElse(0);
  }
}
