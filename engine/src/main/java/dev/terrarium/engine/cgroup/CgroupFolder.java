package dev.terrarium.engine.cgroup;

import dev.terrarium.engine.posix.Posix;
import dev.terrarium.engine.syscall.Calls;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The folder that a cgroup of ours is in one hierarchy, and all below it: its members killed, the
 * folder removed. Source: kernel documents admin-guide/cgroup-v2, "cgroup.kill", and
 * admin-guide/cgroup-v1/freezer-subsystem.
 */
public final class CgroupFolder {
  /** A killed process leaves its cgroup when it is reaped, which is nothing to be waited for. */
  private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(10);

  private static final String V1_STATE = "freezer.state";
  private static final String V2_FREEZE = "cgroup.freeze";

  private CgroupFolder() {}

  /**
   * Kills every process in it and removes it; one that is not there is fine. The folder of ours at
   * the top goes with the last one in it.
   *
   * @return how many processes were killed
   * @throws IOException if it is still there after some seconds
   */
  public static int remove(Path folder) throws IOException {
    int killed = 0;
    long deadline = System.nanoTime() + LIMIT_NANOS;
    while (Files.isDirectory(folder)) {
      killed += kill(folder);
      try {
        removeEmpty(folder);
      } catch (IOException busy) {
        if (System.nanoTime() > deadline) {
          throw busy;
        }
        LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(200));
      }
    }
    Path above = folder.getParent();
    if (above != null && above.endsWith(Delegation.TOP)) {
      Set<String> handedDown = HandedDown.remembered(above);
      try {
        if (Files.deleteIfExists(above)) {
          HandedDown.takeBack(above.resolveSibling(""), handedDown);
        }
      } catch (IOException e) {
        // Another engine's is in it, or an administrator made it for this user.
      }
    }
    return killed;
  }

  private static void removeEmpty(Path folder) throws IOException {
    for (Path child : children(folder)) {
      removeEmpty(child);
    }
    Files.deleteIfExists(folder);
  }

  /**
   * Its members on the host, those of cgroups below it not included. Who is in a pid namespace that
   * cannot be seen from here has no number.
   */
  static List<Integer> members(Path folder) {
    return CgroupFile.lines(folder.resolve("cgroup.procs")).stream()
        .map(Integer::parseInt)
        .filter(pid -> pid > 0)
        .toList();
  }

  /**
   * Kills all at once where the kernel can; else they are stopped first, so that none of them
   * forks, or ends and leaves its number to somebody else.
   */
  private static int kill(Path folder) throws IOException {
    List<Integer> members = membersBelow(folder);
    if (members.isEmpty()) {
      return 0;
    }
    if (write(folder.resolve("cgroup.kill"), "1")) {
      return members.size();
    }
    if (write(folder.resolve(V1_STATE), "FROZEN") || write(folder.resolve(V2_FREEZE), "1")) {
      members = membersBelow(folder);
    }
    int killed = 0;
    for (int pid : members) {
      killed += Posix.kill(pid, Calls.SIGKILL) ? 1 : 0;
    }
    thaw(folder);
    return killed;
  }

  /** In version 1 what is frozen cannot even die, and one below may have been frozen on its own. */
  private static void thaw(Path folder) throws IOException {
    write(folder.resolve(V1_STATE), "THAWED");
    write(folder.resolve(V2_FREEZE), "0");
    for (Path child : children(folder)) {
      thaw(child);
    }
  }

  /** Those of cgroups below it included. */
  static List<Integer> membersBelow(Path folder) throws IOException {
    List<Integer> all = new ArrayList<>(members(folder));
    for (Path child : children(folder)) {
      all.addAll(membersBelow(child));
    }
    return all;
  }

  static List<Path> children(Path folder) throws IOException {
    List<Path> children = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, Files::isDirectory)) {
      entries.forEach(children::add);
    } catch (NoSuchFileException e) {
      // Gone meanwhile.
    }
    return children;
  }

  /** Whether there is such a file. */
  private static boolean write(Path file, String value) throws IOException {
    if (!Files.exists(file)) {
      return false;
    }
    try {
      Files.writeString(file, value);
      return true;
    } catch (NoSuchFileException e) {
      return false;
    }
  }
}
