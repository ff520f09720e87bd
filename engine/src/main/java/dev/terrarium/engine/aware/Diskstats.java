package dev.terrarium.engine.aware;

import dev.terrarium.engine.cgroup.CgroupUsage;
import java.util.List;
import java.util.Locale;

/**
 * What went to and from disks. Source: kernel document admin-guide/iostats; {@code io.stat}, or
 * {@code blkio.throttle.io_serviced_recursive} and {@code io_service_bytes_recursive}.
 */
final class Diskstats {
  private static final int SECTOR = 512;

  private Diskstats() {}

  /**
   * {@code /proc/diskstats}: the host's devices in the host's order, those that the cgroup has
   * used. Merges and times are counted for no cgroup and are 0.
   */
  static String text(List<String> host, List<CgroupUsage.Io> used) {
    StringBuilder text = new StringBuilder();
    for (String line : host) {
      String[] words = line.strip().split("\\s+");
      String device = words[0] + ":" + words[1];
      used.stream()
          .filter(io -> io.device().equals(device))
          .forEach(io ->
              text.append(
                  String.format(
                      Locale.ROOT,
                      "%4s %7s %s %-10d 0 %-12d 0 %-10d 0 %-12d 0 0 0 0\n",
                      words[0],
                      words[1],
                      words[2],
                      io.reads(),
                      io.readBytes() / SECTOR,
                      io.writes(),
                      io.writtenBytes() / SECTOR)));
    }
    return text.toString();
  }
}
