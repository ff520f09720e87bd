package dev.terrarium.engine.aware;

import java.util.Locale;

/**
 * A file that no namespace changes: in a container it tells of the host, unless another one is
 * mounted over it that is cgroup-aware. LXCFS covers the same ones. Source: lxcfs(1), proc(5).
 *
 * <p>Not every program asks these files. sysinfo(2) and sched_getaffinity(2) are system calls, and
 * no mount covers those: {@code free} and {@code uptime} of busybox go on to show the host's totals
 * and the host's time, because they call sysinfo, while {@code free} and {@code uptime} of procps,
 * and {@code top} of either, read the files. {@code nproc} of either counts the cpuset, and so
 * knows of no quota; the C library's sysconf(3) reads {@link #ONLINE}.
 */
public enum AwareFile {
  /** {@link Meminfo#text}. */
  MEMINFO("/proc/meminfo"),
  /** {@link Meminfo#swaps}. */
  SWAPS("/proc/swaps"),
  /** {@link Processors#cpuinfo}. */
  CPUINFO("/proc/cpuinfo"),
  /** {@link Clock#stat}. */
  STAT("/proc/stat"),
  /** {@link Clock#uptime}. */
  UPTIME("/proc/uptime"),
  /** {@link Load#text}. */
  LOADAVG("/proc/loadavg"),
  /** {@link Diskstats#text}. */
  DISKSTATS("/proc/diskstats"),
  /** {@link Processors#online}; only where the container has a /sys. */
  ONLINE("/sys/devices/system/cpu/online");

  private final String path;

  AwareFile(String path) {
    this.path = path;
  }

  /** What it is mounted over, inside. */
  public String path() {
    return path;
  }

  /** Its name in the folder on the host where all of a container's are. */
  public String fileName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
