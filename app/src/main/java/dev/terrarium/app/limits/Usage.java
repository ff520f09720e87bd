package dev.terrarium.app.limits;

import dev.terrarium.engine.cgroup.CgroupReading;
import dev.terrarium.engine.cgroup.CgroupUsage;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What one cgroup used from look to look: pure. A counter says how much there was in all; how fast
 * it grows is worked out from two readings.
 */
final class Usage {

  /** Older ones are forgotten. */
  static final int MOST_POINTS = 300;

  /** Two readings closer together than this say more about the clock than about the processor. */
  private static final Duration LEAST_APART = Duration.ofMillis(400);

  /**
   * One moment.
   *
   * @param cpuPercent of one processor, since the point before; 0 for the first
   */
  record Point(Instant at, double cpuPercent, long memoryBytes, long pids) {}

  private final List<Point> points = new ArrayList<>();
  private List<Path> folders = List.of();
  private Optional<CgroupReading> last = Optional.empty();

  /** Takes a reading in; those of another cgroup begin anew, and older ones change nothing. */
  void add(CgroupReading reading) {
    if (!reading.folders().equals(folders)) {
      folders = reading.folders();
      points.clear();
      last = Optional.empty();
    }
    if (last.isPresent()
        && Duration.between(last.get().at(), reading.at()).compareTo(LEAST_APART) < 0) {
      return;
    }
    double percent = last.map(before -> percent(before, reading)).orElse(0.0);
    last = Optional.of(reading);
    points.add(
        new Point(
            reading.at(),
            percent,
            reading.usage().memory().map(CgroupUsage.Memory::bytes).orElse(0L),
            reading.usage().pids().map(CgroupUsage.Pids::count).orElse(0L)));
    if (points.size() > MOST_POINTS) {
      points.removeFirst();
    }
  }

  private static double percent(CgroupReading before, CgroupReading after) {
    long micros = micros(after) - micros(before);
    long between = Duration.between(before.at(), after.at()).toNanos() / 1000;
    return between <= 0 ? 0 : Math.max(0, 100.0 * micros / between);
  }

  private static long micros(CgroupReading reading) {
    return reading.usage().cpu().map(CgroupUsage.Cpu::micros).orElse(0L);
  }

  /** Those up to an instant, oldest first. */
  List<Point> upTo(Instant end) {
    return points.stream().filter(point -> !point.at().isAfter(end)).toList();
  }

  /** The quota in percent of one processor, by the files of either version. */
  static OptionalDouble quotaPercent(CgroupReading reading) {
    String both = reading.files().getOrDefault("cpu.max", "");
    String[] words =
        both.isEmpty()
            ? new String[] {
              reading.files().getOrDefault("cpu.cfs_quota_us", "-1"),
              reading.files().getOrDefault("cpu.cfs_period_us", "100000")
            }
            : both.split(" ");
    try {
      double quota = Double.parseDouble(words[0]);
      return quota < 0
          ? OptionalDouble.empty()
          : OptionalDouble.of(100 * quota / Double.parseDouble(words[1]));
    } catch (NumberFormatException unlimited) {
      return OptionalDouble.empty();
    }
  }
}
