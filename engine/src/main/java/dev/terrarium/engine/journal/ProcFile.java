package dev.terrarium.engine.journal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * The few fields of /proc that tell whose a leftover is. Source: proc_pid_stat(5),
 * proc_pid_status(5).
 */
final class ProcFile {
  private ProcFile() {}

  /** When the process started, in clock ticks since boot; with its number it is unique. */
  static OptionalLong startTicks(long pid) {
    return statField(pid, 22);
  }

  /** The session that the process belongs to: its leader's process id. */
  static OptionalLong session(long pid) {
    return statField(pid, 6);
  }

  /**
   * Fields are numbered from 1, as the manual page does; the second one may hold blanks and
   * parentheses.
   */
  private static OptionalLong statField(long pid, int number) {
    try {
      String stat =
          new String(
              Files.readAllBytes(Path.of("/proc/" + pid + "/stat")), StandardCharsets.ISO_8859_1);
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      return OptionalLong.of(Long.parseLong(fields[number - 3]));
    } catch (IOException | RuntimeException e) {
      return OptionalLong.empty();
    }
  }
}
