package dev.terrarium.engine.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What is mounted in this process's mount namespace. A container's mounts are in its own, but with
 * shared propagation they appear here too. Source: proc_pid_mountinfo(5).
 */
final class Mounts {
  private Mounts() {}

  /** The mount points in that folder or at it, the latest mount first. */
  static List<String> below(Path folder) throws IOException {
    String at = folder.toRealPath().toString();
    return Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
        .map(line -> ProcFile.unescape(line.split(" ", 6)[4]))
        .filter(point -> point.equals(at) || point.startsWith(at + "/"))
        .collect(Collectors.toList())
        .reversed();
  }
}
