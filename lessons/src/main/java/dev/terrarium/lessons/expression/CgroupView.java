package dev.terrarium.lessons.expression;

import dev.terrarium.engine.cgroup.CgroupReading;
import dev.terrarium.engine.cgroup.CgroupUsage;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The container's cgroup as expressions see it.
 *
 * @param folder where it is, in the first hierarchy that has it; empty if there is none
 * @param files what its files hold, by their names on this host
 * @param paths where each of them is
 * @param cpuMicros processor time used, in microseconds
 * @param periods of the quota in which something ran
 * @param throttled those in which the quota was used up
 * @param memory bytes
 * @param oomKills processes that the kernel killed for want of memory
 * @param pids processes and threads
 */
public record CgroupView(
    String folder,
    Map<String, String> files,
    Map<String, String> paths,
    long cpuMicros,
    long periods,
    long throttled,
    long memory,
    long oomKills,
    long pids) {

  static final CgroupView NONE = new CgroupView("", Map.of(), Map.of(), 0, 0, 0, 0, 0, 0);

  public CgroupView {
    files = Map.copyOf(files);
    paths = Map.copyOf(paths);
  }

  static CgroupView of(CgroupReading reading) {
    CgroupUsage usage = reading.usage();
    Optional<CgroupUsage.Cpu> cpu = usage.cpu();
    return new CgroupView(
        reading.folders().stream().findFirst().map(Path::toString).orElse(""),
        reading.files(),
        paths(reading),
        cpu.map(CgroupUsage.Cpu::micros).orElse(0L),
        cpu.map(CgroupUsage.Cpu::periods).orElse(0L),
        cpu.map(CgroupUsage.Cpu::throttledPeriods).orElse(0L),
        usage.memory().map(CgroupUsage.Memory::bytes).orElse(0L),
        usage.oomKills(),
        usage.pids().map(CgroupUsage.Pids::count).orElse(0L));
  }

  private static Map<String, String> paths(CgroupReading reading) {
    Map<String, String> paths = new TreeMap<>();
    reading.paths().forEach((name, path) -> paths.put(name, path.toString()));
    return paths;
  }

  /** As a person reads it, short. */
  @Override
  public String toString() {
    return "%d of %d periods throttled, %d B, %d processes"
        .formatted(throttled, periods, memory, pids);
  }
}
