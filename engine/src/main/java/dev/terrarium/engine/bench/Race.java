package dev.terrarium.engine.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Several contenders by turns, so that whatever else the machine does meanwhile is shared fairly.
 * The first is the one whose ratio to the others is of interest. Who fails at the first try, or is
 * not there at all, is named in the end.
 */
final class Race {
  private final List<Contender> contenders = new ArrayList<>();
  private final List<String> absent = new ArrayList<>();
  private long[][] nanos = {};
  private int rounds;

  /** Lets it try once; one that fails then is left out. */
  Race with(Contender contender) throws InterruptedException {
    try {
      contender.work().run();
      contenders.add(contender);
    } catch (IOException | RuntimeException e) {
      absent.add(contender.name() + " does not work here: " + e.getMessage());
    }
    return this;
  }

  /** The same with those that are installed, and the names of those that are not. */
  Race with(PeerRuntime.Peers peers) throws InterruptedException {
    for (Contender peer : peers.installed()) {
      with(peer);
    }
    peers.missing().forEach(name -> absent.add(name + " is not installed"));
    return this;
  }

  /** Lets everyone do the work that many times, after a tenth as many rounds that do not count. */
  Race run(int measured) throws IOException, InterruptedException {
    rounds = measured;
    nanos = new long[contenders.size()][rounds];
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
    return this;
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
    double first = contenders.isEmpty() ? 0 : median(0);
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
              Locale.ROOT, "  %-24s %8.2f ms%s%n", contenders.get(i).name(), median(i), ratio));
    }
    absent.forEach(line -> report.append("  ").append(line).append('\n'));
    return report.toString();
  }
}
