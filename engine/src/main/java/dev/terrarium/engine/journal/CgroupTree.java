package dev.terrarium.engine.journal;

import dev.terrarium.engine.posix.Posix;
import dev.terrarium.engine.syscall.Calls;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A cgroup of ours and all below it, for removal. Source: kernel documents admin-guide/cgroup-v2,
 * "cgroup.kill", and admin-guide/cgroup-v1/freezer-subsystem.
 */
final class CgroupTree {
  /** The kernel removes a cgroup only after its last process is reaped, and announces neither. */
  private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(5);

  private CgroupTree() {}

  /**
   * Kills every process in it and removes it; one that is not there is fine.
   *
   * @return how many processes were killed
   * @throws IOException if it is still there after some seconds
   */
  static int remove(Path cgroup) throws IOException {
    if (!Files.isDirectory(cgroup)) {
      return 0;
    }
    int killed = 0;
    for (Path child : children(cgroup)) {
      killed += remove(child);
    }
    long deadline = System.nanoTime() + LIMIT_NANOS;
    while (true) {
      killed += kill(cgroup);
      try {
        Files.deleteIfExists(cgroup);
        return killed;
      } catch (IOException busy) {
        if (System.nanoTime() > deadline) {
          throw busy;
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
      }
    }
  }

  private static List<Path> children(Path cgroup) throws IOException {
    List<Path> children = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(cgroup, Files::isDirectory)) {
      entries.forEach(children::add);
    }
    return children;
  }

  /** Of v1 and v2; what is frozen is thawed, because only then can it die. */
  private static int kill(Path cgroup) throws IOException {
    int killed = 0;
    for (String line : Files.readAllLines(cgroup.resolve("cgroup.procs"))) {
      int pid = Integer.parseInt(line);
      if (pid > 0 && Posix.kill(pid, Calls.SIGKILL)) {
        killed++;
      }
    }
    write(cgroup.resolve("cgroup.freeze"), "0");
    write(cgroup.resolve("freezer.state"), "THAWED");
    return killed;
  }

  private static void write(Path file, String value) throws IOException {
    if (Files.exists(file)) {
      Files.writeString(file, value);
    }
  }
}
