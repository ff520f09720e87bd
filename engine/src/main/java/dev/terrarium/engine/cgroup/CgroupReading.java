package dev.terrarium.engine.cgroup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the files of a cgroup say at an instant, under the names that this host's version gives
 * them. Source: kernel documents admin-guide/cgroup-v2, admin-guide/cgroup-v1.
 *
 * @param at wall clock
 * @param folders one for each hierarchy that has it
 * @param files what they hold, by their names, of those that limit, count or name members
 * @param paths where each of them is
 * @param usage the same numbers, understood
 */
public record CgroupReading(
    Instant at,
    List<Path> folders,
    Map<String, String> files,
    Map<String, Path> paths,
    CgroupUsage usage) {

  /** Of both versions; a host has those of one. */
  private static final List<String> TELLING =
      List.of(
          "cgroup.procs",
          "cpu.max",
          "cpu.stat",
          "cpu.cfs_quota_us",
          "cpu.cfs_period_us",
          "cpuacct.usage",
          "memory.max",
          "memory.current",
          "memory.events",
          "memory.limit_in_bytes",
          "memory.usage_in_bytes",
          "memory.failcnt",
          "memory.oom_control",
          "pids.max",
          "pids.current");

  public CgroupReading {
    folders = List.copyOf(folders);
    files = Map.copyOf(files);
    paths = Map.copyOf(paths);
  }

  /** Reads them now; empty if it is not made yet, or gone. */
  public static Optional<CgroupReading> of(Cgroup cgroup) {
    List<Path> folders = cgroup.folders().stream().distinct().filter(Files::isDirectory).toList();
    if (folders.isEmpty()) {
      return Optional.empty();
    }
    Map<String, String> files = new TreeMap<>();
    Map<String, Path> paths = new TreeMap<>();
    for (Path folder : folders) {
      for (String name : TELLING) {
        Path file = folder.resolve(name);
        if (!files.containsKey(name) && Files.isRegularFile(file)) {
          read(file)
              .ifPresent(text -> {
                files.put(name, text);
                paths.put(name, file);
              });
        }
      }
    }
    return Optional.of(new CgroupReading(Instant.now(), folders, files, paths, cgroup.usage()));
  }

  private static Optional<String> read(Path file) {
    try {
      return Optional.of(Files.readString(file).strip());
    } catch (IOException e) {
      // Gone with its cgroup, or not for us to read.
      return Optional.empty();
    }
  }
}
