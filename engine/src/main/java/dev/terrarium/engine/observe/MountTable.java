package dev.terrarium.engine.observe;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The mounts of one mount namespace as {@code /proc/PID/mountinfo} lists them. Source:
 * proc_pid_mountinfo(5).
 */
public final class MountTable {

  private MountTable() {}

  /** Parses all lines; lines that are not mounts are left out. */
  public static List<Mount> parse(byte[] text, int length) {
    List<Mount> mounts = new ArrayList<>();
    int from = 0;
    while (from < length) {
      int newline = ProcText.indexOf(text, from, length, (byte) '\n');
      int end = newline < 0 ? length : newline;
      line(ProcText.utf8(text, from, end)).ifPresent(mounts::add);
      from = end + 1;
    }
    return mounts;
  }

  /**
   * {@code 36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue}; any
   * number of optional fields before the dash.
   */
  private static Optional<Mount> line(String line) {
    String[] words = line.split(" ", -1);
    int dash = 6;
    while (dash < words.length && !words[dash].equals("-")) {
      dash++;
    }
    if (dash + 3 >= words.length) {
      return Optional.empty();
    }
    return Optional.of(
        new Mount(
            Integer.parseInt(words[0]),
            Integer.parseInt(words[1]),
            words[2],
            unescape(words[3]),
            unescape(words[4]),
            words[5],
            List.of(words).subList(6, dash),
            unescape(words[dash + 1]),
            unescape(words[dash + 2]),
            unescape(words[dash + 3])));
  }

  /**
   * The kernel writes blank, tab, newline, backslash and # as a backslash and three octal digits.
   */
  static String unescape(String field) {
    if (field.indexOf('\\') < 0) {
      return field;
    }
    byte[] bytes = field.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream plain = new ByteArrayOutputStream(bytes.length);
    int at = 0;
    while (at < bytes.length) {
      if (bytes[at] == '\\' && octal(bytes, at + 1)) {
        plain.write((bytes[at + 1] - '0') * 64 + (bytes[at + 2] - '0') * 8 + (bytes[at + 3] - '0'));
        at += 4;
      } else {
        plain.write(bytes[at]);
        at++;
      }
    }
    return plain.toString(StandardCharsets.UTF_8);
  }

  private static boolean octal(byte[] bytes, int from) {
    if (from + 3 > bytes.length || bytes[from] > '3') {
      return false;
    }
    for (int at = from; at < from + 3; at++) {
      if (bytes[at] < '0' || bytes[at] > '7') {
        return false;
      }
    }
    return true;
  }

  /**
   * The mount that a path lookup ends in when several are stacked on one mount point: the one that
   * no other covers.
   */
  static Optional<Mount> topmost(List<Mount> table, String mountPoint) {
    List<Mount> stack = table.stream().filter(m -> m.mountPoint().equals(mountPoint)).toList();
    Set<Integer> covered = new HashSet<>();
    for (Mount mount : stack) {
      // The root of the whole tree is its own parent.
      if (mount.parentId() != mount.id()) {
        covered.add(mount.parentId());
      }
    }
    return stack.reversed().stream().filter(m -> !covered.contains(m.id())).findFirst();
  }
}
