package dev.terrarium.engine.journal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The few fields of /proc that tell whose a leftover is. Source: proc_pid_stat(5),
 * proc_pid_status(5).
 */
final class ProcFile {
  private static final Pattern ESCAPE = Pattern.compile("\\\\([01][0-7]{2})");
  private static final Pattern SPECIAL = Pattern.compile("[\\x00-\\x20\\\\\\x7f]");

  private ProcFile() {}

  /** When the process started, in clock ticks since boot; with its number it is unique. */
  static OptionalLong startTicks(long pid) {
    return statField(pid, 22);
  }

  /** The session that the process belongs to: its leader's process id. */
  static OptionalLong session(long pid) {
    return statField(pid, 6);
  }

  /** This process's net namespace, such as {@code net:[4026531840]}; empty without /proc. */
  static String netNamespace() {
    try {
      return Files.readSymbolicLink(Path.of("/proc/self/ns/net")).toString();
    } catch (IOException e) {
      return "";
    }
  }

  /** The names of all interfaces of this process's net namespace. Source: proc_pid_net(5), dev. */
  static List<String> interfaces() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/net/dev")).stream()
        .skip(2)
        .map(line -> line.substring(0, line.indexOf(':')).strip())
        .toList();
  }

  /**
   * Undoes what the kernel does to a blank, tab, newline or backslash in a field: {@code \\040}.
   * Source: proc_pid_mountinfo(5), getmntent(3).
   */
  static String unescape(String field) {
    return ESCAPE
        .matcher(field)
        .replaceAll(found ->
            Matcher.quoteReplacement(
                Character.toString((char) Integer.parseInt(found.group(1), 8))));
  }

  /** The other way round. */
  static String escape(String field) {
    return SPECIAL
        .matcher(field)
        .replaceAll(found -> "\\\\%03o".formatted((int) found.group().charAt(0)));
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
