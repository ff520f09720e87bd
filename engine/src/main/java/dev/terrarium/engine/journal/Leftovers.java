package dev.terrarium.engine.journal;

import dev.terrarium.engine.posix.Posix;
import dev.terrarium.engine.syscall.Calls;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Finds and removes what engines left behind that did not end normally. Nothing else is touched.
 */
public final class Leftovers {
  private Leftovers() {}

  /**
   * Clears up after all engines of this state folder that are not alive any more.
   *
   * @return what was removed, one line each
   */
  public static List<String> sweep(StateFolder state) throws IOException {
    List<String> removed = new ArrayList<>();
    if (!Files.isDirectory(state.run())) {
      return removed;
    }
    try (DirectoryStream<Path> runs = Files.newDirectoryStream(state.run())) {
      for (Path run : runs) {
        if (!ownerLives(run)) {
          removed.addAll(end(run));
        }
      }
    }
    return removed;
  }

  /**
   * Folders are named PID-START, and -2, -3 if one process has several; a process of that number
   * that started at another time is not the owner.
   */
  private static boolean ownerLives(Path run) {
    String[] parts = run.getFileName().toString().split("-");
    if (parts.length < 2) {
      return false;
    }
    try {
      OptionalLong start = ProcFile.startTicks(Long.parseLong(parts[0]));
      return start.isPresent() && start.getAsLong() == Long.parseLong(parts[1]);
    } catch (NumberFormatException e) {
      return false;
    }
  }

  static List<String> end(Path run) {
    List<String> removed = new ArrayList<>();
    try {
      for (String line : journal(run)) {
        String[] words = line.split(" ");
        if (words.length == 3 && words[0].equals("session")) {
          removed.addAll(endSession(Long.parseLong(words[1]), Long.parseLong(words[2])));
        }
      }
      if (Files.exists(run)) {
        Trees.remove(run);
        removed.add("folder " + run);
      }
    } catch (IOException | RuntimeException e) {
      removed.add("not removed: " + run + ": " + e.getMessage());
    }
    return removed;
  }

  private static List<String> journal(Path run) throws IOException {
    Path journal = run.resolve(Run.JOURNAL);
    return Files.exists(journal) ? Files.readAllLines(journal) : List.of();
  }

  /**
   * A number stays reserved while a session of that number has members, so members of a session
   * whose leader is gone can only be ours; a leader that started at another time is someone else's.
   */
  private static List<String> endSession(long leader, long startTicks) {
    List<String> removed = new ArrayList<>();
    OptionalLong now = ProcFile.startTicks(leader);
    if (now.isPresent() && now.getAsLong() != startTicks) {
      return removed;
    }
    for (int pid : killSession((int) leader)) {
      removed.add("process " + pid);
    }
    return removed;
  }

  /**
   * Kills all members of a session that is ours, and of which no one else ends the members.
   *
   * @return who was killed
   */
  public static List<Integer> killSession(int leader) {
    List<Integer> killed = new ArrayList<>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[1-9]*")) {
      for (Path process : processes) {
        int pid = Integer.parseInt(process.getFileName().toString());
        OptionalLong session = ProcFile.session(pid);
        if (session.isPresent()
            && session.getAsLong() == leader
            && Posix.kill(pid, Calls.SIGKILL)) {
          killed.add(pid);
        }
      }
    } catch (IOException e) {
      // Without /proc there is nobody to be found.
    }
    return killed;
  }
}
