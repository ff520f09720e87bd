package dev.terrarium.engine.aware;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * The processes of a cgroup with all their threads, counted one by one as LXCFS does. Source:
 * {@code cgroup.procs}; proc_pid_status(5), State and NSpid.
 *
 * @param running state R
 * @param blocked state D
 * @param last the highest number that one of them has in the container's pid namespace: the kernel
 *     gives numbers out in order, so that many have been made at least
 */
record Tasks(int running, int blocked, int all, int last) {
  static final Tasks NONE = new Tasks(0, 0, 0, 0);

  /** What counts as load. */
  int active() {
    return running + blocked;
  }

  /**
   * Counts; who ends meanwhile is not counted.
   *
   * @param proc procfs, of the host
   * @param depth in how many pid namespaces the container's first process has a number
   * @param lastBefore what {@code last} was
   */
  static Tasks of(Path proc, List<Integer> pids, int depth, int lastBefore) {
    Tasks tasks = new Tasks(0, 0, 0, lastBefore);
    for (int pid : pids) {
      try (DirectoryStream<Path> threads = Files.newDirectoryStream(proc.resolve(pid + "/task"))) {
        for (Path thread : threads) {
          tasks = tasks.with(Files.readAllLines(thread.resolve("status")), depth);
        }
      } catch (IOException | RuntimeException e) {
        // Ended meanwhile.
      }
    }
    return tasks;
  }

  /** In how many pid namespaces a process has a number. */
  static int depth(Path proc, int pid) throws IOException {
    return numbers(Files.readAllLines(proc.resolve(pid + "/status"))).length;
  }

  private Tasks with(List<String> status, int depth) {
    String state = value(status, "State:");
    int[] numbers = numbers(status);
    return new Tasks(
        running + (state.startsWith("R") ? 1 : 0),
        blocked + (state.startsWith("D") ? 1 : 0),
        all + 1,
        numbers.length < depth ? last : Math.max(last, numbers[depth - 1]));
  }

  /** Outermost first. */
  private static int[] numbers(List<String> status) {
    return Arrays.stream(value(status, "NSpid:").split("\\s+"))
        .mapToInt(Integer::parseInt)
        .toArray();
  }

  private static String value(List<String> status, String key) {
    return status.stream()
        .filter(line -> line.startsWith(key))
        .findFirst()
        .map(line -> line.substring(key.length()).strip())
        .orElse("");
  }
}
