package dev.terrarium.engine.aware;

import dev.terrarium.engine.cgroup.CgroupUsage;
import java.util.Locale;

/**
 * How long a container has been there, and what it has done with that time: {@code cpu.stat}, or
 * {@code cpuacct.usage_user} and {@code cpuacct.usage_sys}. Idle is what it might have used and did
 * not: a container at its quota is busy all the time, though its quota is half a processor. It is
 * added up from one look to the next, so that it never goes back when a quota is changed.
 *
 * @param age seconds since its first process started
 * @param userMicros used outside of the kernel
 * @param systemMicros inside
 * @param idleMicros left unused
 */
record Clock(double age, long userMicros, long systemMicros, double idleMicros) {
  /** Before anything. */
  static final Clock BEGIN = new Clock(0, 0, 0, 0);

  /** USER_HZ, in which the kernel counts for its readers on every architecture here. */
  private static final int TICKS = 100;

  private static final long MICROS_PER_TICK = 1_000_000 / TICKS;

  Clock after(double laterAge, CgroupUsage.Cpu used, double capacity) {
    double could = capacity * Math.max(0, laterAge - age) * 1e6;
    double did = used.userMicros() + used.systemMicros() - userMicros - systemMicros;
    return new Clock(
        laterAge, used.userMicros(), used.systemMicros(), idleMicros + Math.max(0, could - did));
  }

  /**
   * {@code /proc/uptime}. A program that subtracts from it when a process started, as {@code ps -o
   * etime} does, is misled: {@code /proc/PID/stat} counts from the start of the host. Source:
   * proc_uptime(5).
   */
  String uptime() {
    return Columns.pad(String.format(Locale.ROOT, "%.2f %.2f", age, idleMicros / 1e6), 39);
  }

  /**
   * {@code /proc/stat}. Version 2 tells no cgroup how much it used of which processor, so in either
   * version all have an equal share of the whole. Interrupts and context switches are nobody's in
   * particular and are left out; {@code btime} stays the host's, because the start of a process is
   * counted from there. Source: proc_stat(5).
   */
  String stat(int processors, Tasks tasks, String btime) {
    StringBuilder text = new StringBuilder();
    text.append(times("cpu ", 1, 0));
    for (int number = 0; number < processors; number++) {
      text.append(times("cpu" + number, processors, number));
    }
    text.append(btime).append('\n');
    text.append(Columns.pad("processes " + tasks.last(), 24));
    text.append(Columns.pad("procs_running " + tasks.running(), 24));
    text.append(Columns.pad("procs_blocked " + tasks.blocked(), 24));
    return text.toString();
  }

  /** A line of ticks: user, nice, system, idle, and six that nobody counts for a cgroup. */
  private String times(String name, int shares, int number) {
    return String.format(
        Locale.ROOT,
        "%s %-12d 0 %-12d %-12d 0 0 0 0 0 0\n",
        name,
        share(userMicros, shares, number),
        share(systemMicros, shares, number),
        share((long) idleMicros, shares, number));
  }

  /** In ticks, so that all shares add up to the whole. */
  private static long share(long micros, int shares, int number) {
    long ticks = micros / MICROS_PER_TICK;
    return ticks / shares + (number < ticks % shares ? 1 : 0);
  }
}
