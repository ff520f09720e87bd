package dev.terrarium.engine.observe;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the kernel tells for next to nothing, to find out whether a whole look is worth its price.
 * As long as two glances are equal, none of the watched processes has run, and so none has changed
 * by itself: whoever forks, executes, enters a namespace, stops or ends has to run for it.
 *
 * @param processes the number of links of {@code /proc}: it counts the host's processes, whoever
 *     asks. Source: the kernel's fs/proc/root.c
 * @param ran by watched pid, in their order, for how long and how often it has run; empty for one
 *     that is gone. Source: proc_pid_schedstat(5)
 * @param mounts the mount table of the first watched process, as the kernel prints it
 */
public record Glance(int processes, Map<Integer, String> ran, String mounts) {

  /** What a kernel prints that does not keep these statistics. */
  private static final String NOT_KEPT = "0 0 0";

  public Glance {
    ran = Map.copyOf(ran);
  }

  /** Glances at the host and at some of its processes. */
  public static Glance at(List<Integer> pids) {
    return at(Path.of("/proc"), pids);
  }

  /** The same of what another folder shows that has the shape of a procfs. */
  static Glance at(Path proc, List<Integer> pids) {
    Map<Integer, String> ran = new LinkedHashMap<>();
    for (int pid : pids) {
      Path folder = proc.resolve(Integer.toString(pid));
      String text = read(folder.resolve("schedstat"));
      // The other file counts in hundredths of a second, which a quick change escapes.
      ran.put(
          pid, text.isEmpty() || text.startsWith(NOT_KEPT) ? read(folder.resolve("stat")) : text);
    }
    String mounts =
        pids.isEmpty() ? "" : read(proc.resolve(pids.getFirst().toString()).resolve("mountinfo"));
    return new Glance(links(proc), ran, mounts);
  }

  /** Whether the watched processes and their mounts are as they were. */
  public boolean sameWatched(Glance other) {
    return ran.equals(other.ran) && mounts.equals(other.mounts);
  }

  private static int links(Path proc) {
    try {
      return (int) Files.getAttribute(proc, "unix:nlink");
    } catch (IOException e) {
      throw new ProcUnreadableException("no such folder, or it cannot be asked: " + proc);
    }
  }

  /** Empty for a process that is gone or that belongs to somebody else. */
  private static String read(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }
}
