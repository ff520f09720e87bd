package dev.terrarium.engine.cgroup;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the processes of a cgroup have used, have been refused, and wait for. What no controller
 * counts is empty. Source: kernel documents admin-guide/cgroup-v2, admin-guide/cgroup-v1,
 * accounting/psi.
 *
 * @param io one for each block device that was used
 * @param pressure where the kernel accounts for it
 */
public record CgroupUsage(
    Optional<Cpu> cpu,
    Optional<Memory> memory,
    Optional<Pids> pids,
    List<Io> io,
    Map<PressureOn, Pressure> pressure) {

  public CgroupUsage {
    io = List.copyOf(io);
    pressure = Map.copyOf(pressure);
  }

  /**
   * Processor time.
   *
   * @param micros all of it, in microseconds
   * @param userMicros outside of the kernel
   * @param systemMicros inside
   * @param periods of the quota that have passed while something ran; 0 without a quota
   * @param throttledPeriods those in which the quota was used up before they ended
   * @param throttledMicros how long its processes were kept waiting for the next one, added up over
   *     processors
   */
  public record Cpu(
      long micros,
      long userMicros,
      long systemMicros,
      long periods,
      long throttledPeriods,
      long throttledMicros) {}

  /**
   * Memory, in bytes.
   *
   * @param bytes that it has now, page cache included
   * @param peakBytes the most that it ever had; empty on kernels before 5.19 with version 2
   * @param limitBytes the most that it may have
   * @param swapBytes swapped out now
   * @param limitHits how often it was at its limit
   * @param oomKills how many of its processes, and of the cgroups below it, the kernel killed for
   *     want of memory
   */
  public record Memory(
      long bytes,
      OptionalLong peakBytes,
      OptionalLong limitBytes,
      long swapBytes,
      long limitHits,
      long oomKills) {}

  /**
   * Processes and threads.
   *
   * @param refused how often a fork(2) or clone(2) failed with EAGAIN because of the limit
   */
  public record Pids(long count, OptionalLong limit, long refused) {}

  /**
   * What went to and from one block device.
   *
   * @param device {@code major:minor}
   */
  public record Io(String device, long readBytes, long writtenBytes, long reads, long writes) {}

  /** What a process can be kept waiting for. */
  public enum PressureOn {
    CPU,
    MEMORY,
    IO;

    String file() {
      return name().toLowerCase(Locale.ROOT) + ".pressure";
    }
  }

  /**
   * Pressure stall information.
   *
   * @param some the share of time in which at least one process had to wait
   * @param full the share in which all had to; empty where the kernel does not tell
   */
  public record Pressure(Stall some, Optional<Stall> full) {}

  /**
   * Shares of time, in percent, over the last 10, 60 and 300 seconds; and the time since the cgroup
   * was made, in microseconds.
   */
  public record Stall(double percent10, double percent60, double percent300, long micros) {}

  /** How many processes the kernel killed for want of memory. */
  public long oomKills() {
    return memory.map(Memory::oomKills).orElse(0L);
  }
}
