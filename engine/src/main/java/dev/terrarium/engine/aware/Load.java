package dev.terrarium.engine.aware;

import java.util.Locale;

/**
 * How many tasks ran or waited for a disk, on average, with what is longer ago counting for less:
 * the kernel does the same for the host every five seconds. Source: proc_loadavg(5); kernel source,
 * kernel/sched/loadavg.c.
 *
 * @param one over about a minute
 * @param five minutes
 * @param fifteen minutes
 */
record Load(double one, double five, double fifteen) {
  static final Load NONE = new Load(0, 0, 0);

  /** After so many seconds in which so many were active. */
  Load after(double seconds, int active) {
    return new Load(
        mix(one, active, seconds / 60),
        mix(five, active, seconds / 300),
        mix(fifteen, active, seconds / 900));
  }

  private static double mix(double before, int active, double age) {
    double kept = Math.exp(-Math.max(0, age));
    return before * kept + active * (1 - kept);
  }

  /** {@code /proc/loadavg}. */
  String text(Tasks tasks) {
    return Columns.pad(
        String.format(
            Locale.ROOT,
            "%.2f %.2f %.2f %d/%d %d",
            one,
            five,
            fifteen,
            tasks.running(),
            tasks.all(),
            tasks.last()),
        47);
  }
}
