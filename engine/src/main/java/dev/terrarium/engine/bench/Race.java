package dev.terrarium.engine.bench;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Several contenders by turns, so that whatever else the machine does meanwhile is shared fairly.
 * The first is the one whose ratio to the others is of interest.
 */
final class Race {
  private final List<Contender> contenders;
  private final long[][] nanos;
  private int rounds;

  Race(List<Contender> contenders) {
    this.contenders = List.copyOf(contenders);
    this.nanos = new long[contenders.size()][];
  }

  /** Lets everyone do the work that many times, after a tenth as many rounds that do not count. */
  void run(int rounds) throws IOException, InterruptedException {
    this.rounds = rounds;
    Arrays.setAll(nanos, i -> new long[rounds]);
    for (int round = -Math.max(1, rounds / 10); round < rounds; round++) {
      for (int i = 0; i < contenders.size(); i++) {
        long began = System.nanoTime();
        contenders.get(i).work().run();
        long took = System.nanoTime() - began;
        if (round >= 0) {
          nanos[i][round] = took;
        }
      }
    }
  }

  /** A contender's median in milliseconds. */
  double median(int contender) {
    long[] sorted = nanos[contender].clone();
    Arrays.sort(sorted);
    long middle = sorted[rounds / 2];
    return (rounds % 2 == 1 ? middle : (middle + sorted[rounds / 2 - 1]) / 2.0) / 1e6;
  }

  /** A line for each contender: its median, and the first one's share of it. */
  String report(String head) {
    StringBuilder report = new StringBuilder(head).append('\n');
    double first = median(0);
    for (int i = 0; i < contenders.size(); i++) {
      String ratio =
          i == 0
              ? ""
              : String.format(
                  Locale.ROOT,
                  "   %s takes %.2f times as long",
                  contenders.getFirst().name(),
                  first / median(i));
      report.append(
          String.format(
              Locale.ROOT, "  %-12s %8.2f ms%s%n", contenders.get(i).name(), median(i), ratio));
    }
    return report.toString();
  }
}
