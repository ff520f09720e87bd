package dev.terrarium.engine.aware;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The processors that a container is shown: those of its cpuset, but no more than its quota could
 * keep busy, numbered from 0. Source: cpuset(7); kernel document scheduler/sched-bwc.
 *
 * @param numbers of the host's that are shown, ascending, at least one
 * @param capacity processors' worth of time that may be used: the quota, if it is less than their
 *     number
 */
record Processors(List<Integer> numbers, double capacity) {

  Processors {
    numbers = List.copyOf(numbers);
  }

  /**
   * Those of a container.
   *
   * @param cpuset {@code cpuset.cpus.effective}, or {@code cpuset.effective_cpus}; without such a
   *     controller the host's {@code /sys/devices/system/cpu/online}
   * @param quota in processors, as {@code cpu.max} and {@code cpu.cfs_quota_us} divide it by the
   *     period; rounded up for what is shown
   */
  static Processors of(String cpuset, OptionalDouble quota) {
    List<Integer> allowed = parse(cpuset);
    double capacity = Math.min(allowed.size(), quota.orElse(Double.MAX_VALUE));
    int shown = Math.max(1, (int) Math.ceil(capacity));
    return new Processors(allowed.subList(0, shown), capacity);
  }

  /** From a list such as {@code 0-1,3}. Source: cpuset(7), "List format". */
  private static List<Integer> parse(String list) {
    List<Integer> numbers = new ArrayList<>();
    for (String range : list.strip().split(",")) {
      String[] ends = range.split("-");
      int first = Integer.parseInt(ends[0]);
      int last = Integer.parseInt(ends[ends.length - 1]);
      for (int number = first; number <= last; number++) {
        numbers.add(number);
      }
    }
    return numbers;
  }

  int count() {
    return numbers.size();
  }

  /** {@code /sys/devices/system/cpu/online}. */
  String online() {
    return count() == 1 ? "0\n" : "0-" + (count() - 1) + "\n";
  }

  /**
   * {@code /proc/cpuinfo}: the host's paragraphs of these processors. What a paragraph tells of the
   * hardware, its number of cores too, is the hardware's still.
   */
  String cpuinfo(String host) {
    StringBuilder text = new StringBuilder();
    for (String paragraph : host.strip().split("\n\n")) {
      String first = paragraph.lines().findFirst().orElse("");
      if (!first.startsWith("processor")) {
        text.append(paragraph).append("\n\n");
        continue;
      }
      int colon = first.indexOf(':') + 1;
      int shown = numbers.indexOf(Integer.parseInt(first.substring(colon).strip()));
      if (shown >= 0) {
        text.append(first, 0, colon)
            .append(' ')
            .append(shown)
            .append(paragraph.substring(first.length()))
            .append("\n\n");
      }
    }
    return text.toString();
  }
}
