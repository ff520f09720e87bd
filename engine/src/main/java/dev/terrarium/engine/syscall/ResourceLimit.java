package dev.terrarium.engine.syscall;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The limits of a process that prlimit(2) sets, with the numbers of x86-64 and aarch64. */
public enum ResourceLimit {
  RLIMIT_CPU(0),
  RLIMIT_FSIZE(1),
  RLIMIT_DATA(2),
  RLIMIT_STACK(3),
  RLIMIT_CORE(4),
  RLIMIT_RSS(5),
  RLIMIT_NPROC(6),
  RLIMIT_NOFILE(7),
  RLIMIT_MEMLOCK(8),
  RLIMIT_AS(9),
  RLIMIT_LOCKS(10),
  RLIMIT_SIGPENDING(11),
  RLIMIT_MSGQUEUE(12),
  RLIMIT_NICE(13),
  RLIMIT_RTPRIO(14),
  RLIMIT_RTTIME(15);

  private final int number;

  ResourceLimit(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }

  /** The limit with that name, such as {@code RLIMIT_NOFILE}. */
  public static Optional<ResourceLimit> named(String name) {
    return Arrays.stream(values()).filter(each -> each.name().equals(name)).findFirst();
  }

  /** As prlimit(1) calls it: {@code nofile}. */
  public String option() {
    return name().substring("RLIMIT_".length()).toLowerCase(Locale.ROOT);
  }
}
