package dev.terrarium.engine.bench;

import dev.terrarium.engine.observe.Observer;
import dev.terrarium.engine.observe.Snapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Locale;

/** What a snapshot of a crowded host costs, beside {@code lsns} of util-linux. */
public final class SnapshotBenchmark {

  private static final int NAMESPACE_SETS = 50;

  private SnapshotBenchmark() {}

  /**
   * Crowds the host with sleepers in 50 sets of namespaces, looks at it by turns with {@code lsns}
   * and with an {@link Observer}, and empties it again.
   *
   * @param processes how many sleepers
   * @param rounds how many measured rounds; a third as many are run before, to warm up
   * @return the medians in milliseconds and their ratio, ready to print
   * @throws UncheckedIOException if the sleepers cannot be started
   */
  public static String run(int processes, int rounds) {
    try (Crowd crowd = Crowd.of(processes, NAMESPACE_SETS)) {
      Observer observer = new Observer();
      boolean peer = available("lsns");
      long[] lsns = new long[rounds];
      long[] ours = new long[rounds];
      Snapshot last = observer.observe();
      for (int round = -Math.max(2, rounds / 3); round < rounds; round++) {
        long lsnsNanos = peer ? time(() -> runQuietly("lsns")) : 0;
        long began = System.nanoTime();
        last = observer.observe();
        long oursNanos = System.nanoTime() - began;
        if (round >= 0) {
          lsns[round] = lsnsNanos;
          ours[round] = oursNanos;
        }
      }
      return report(crowd, last, peer, median(lsns), median(ours), rounds);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String report(
      Crowd crowd, Snapshot last, boolean peer, double lsns, double ours, int rounds) {
    long sets = last.processes().stream().map(p -> p.namespaces()).distinct().count();
    String head =
        String.format(
            Locale.ROOT,
            "snapshot of %d processes (%d of them sleepers), %d namespace sets, %d mount tables;"
                + " median of %d%n  terrarium %8.1f ms%n",
            last.processes().size(),
            crowd.size(),
            sets,
            last.mounts().size(),
            rounds,
            ours);
    return peer
        ? head
            + String.format(
                Locale.ROOT, "  lsns      %8.1f ms%n  ratio     %8.2f", lsns, ours / lsns)
        : head + "  lsns      not installed (package util-linux)";
  }

  private static long time(Runnable work) {
    long began = System.nanoTime();
    work.run();
    return System.nanoTime() - began;
  }

  private static boolean available(String program) {
    try {
      runQuietly(program);
      return true;
    } catch (UncheckedIOException absent) {
      return false;
    }
  }

  private static void runQuietly(String program) {
    try {
      Process process =
          new ProcessBuilder(program)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      process.waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static double median(long[] nanos) {
    long[] sorted = nanos.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2] / 1e6;
  }
}
