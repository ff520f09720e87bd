package dev.terrarium.engine.observe;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What the files of {@code /proc/PID} say, parsed from raw bytes. Every method takes a buffer and
 * how much of it is filled. Source: proc_pid_stat(5), proc_pid_status(5), proc_pid_cmdline(5),
 * namespaces(7).
 */
final class ProcText {

  private ProcText() {}

  /** What a snapshot keeps of a stat line. */
  record Stat(String name, char state, int ppid, long startTicks) {}

  /**
   * Parses {@code stat}. The name may itself hold blanks, parentheses and newlines; only the last
   * parenthesis ends it, since everything behind it is a number or the state's letter.
   *
   * @throws IllegalArgumentException if it is not such a line
   */
  static Stat stat(byte[] text, int length) {
    int open = indexOf(text, 0, length, (byte) '(');
    int close = length - 1;
    while (close > open && text[close] != ')') {
      close--;
    }
    if (open < 0 || close <= open || close + 2 >= length) {
      throw malformed("stat", text, length);
    }
    String name = utf8(text, open + 1, close);
    char state = (char) text[close + 2];
    int ppidAt = field(text, close + 2, length, 1);
    int startAt = field(text, ppidAt, length, 18);
    if (ppidAt >= length || startAt >= length) {
      throw malformed("stat", text, length);
    }
    return new Stat(name, state, (int) number(text, ppidAt, length), number(text, startAt, length));
  }

  /** The start of the field that lies that many blanks further on, or the length. */
  private static int field(byte[] text, int from, int length, int blanks) {
    int at = from;
    int left = blanks;
    while (at < length && left > 0) {
      if (text[at] == ' ') {
        left--;
      }
      at++;
    }
    return at;
  }

  private static final byte[] UID = "\nUid:".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] NSPID = "\nNSpid:".getBytes(StandardCharsets.US_ASCII);

  /**
   * The real user id that {@code status} names first.
   *
   * @throws IllegalArgumentException if it names none
   */
  static int uid(byte[] text, int length) {
    int at = after(text, length, UID);
    if (at < 0) {
      throw malformed("status", text, length);
    }
    // The kernel prints it unsigned: 4294967294 is a valid id.
    return (int) number(text, blanksEnd(text, at, length), length);
  }

  /**
   * The numbers of the NSpid line, outermost first; only the given one if this kernel prints no
   * such line.
   */
  static List<Integer> nsPids(byte[] text, int length, int pid) {
    int at = after(text, length, NSPID);
    if (at < 0) {
      return List.of(pid);
    }
    int first = blanksEnd(text, at, length);
    int end = digitsEnd(text, first, length);
    int outermost = (int) number(text, first, length);
    if (end >= length || text[end] == '\n') {
      return List.of(outermost);
    }
    List<Integer> all = new ArrayList<>(3);
    all.add(outermost);
    while (end < length && text[end] != '\n') {
      int next = blanksEnd(text, end, length);
      all.add((int) number(text, next, length));
      end = Math.max(digitsEnd(text, next, length), next + 1);
    }
    return all;
  }

  /** Arguments, each ended by NUL; the last one's NUL may be missing. */
  static List<String> argv(byte[] text, int length) {
    if (length == 0) {
      return List.of();
    }
    List<String> all = new ArrayList<>(4);
    int from = 0;
    while (from < length) {
      int end = indexOf(text, from, length, (byte) 0);
      int stop = end < 0 ? length : end;
      all.add(utf8(text, from, stop));
      from = stop + 1;
    }
    return all;
  }

  /** The inode number in {@code pid:[4026531836]}; zero if there is none. */
  static long inode(byte[] text, int length) {
    int open = indexOf(text, 0, length, (byte) '[');
    return open < 0 ? 0 : number(text, open + 1, length);
  }

  /** The lines of {@code uid_map}: three numbers each. */
  static List<IdMapping> idMap(byte[] text, int length) {
    return utf8(text, 0, length)
        .lines()
        .map(line -> line.strip().split("\\s+", -1))
        .filter(words -> words.length == 3)
        .map(words ->
            new IdMapping(
                Long.parseLong(words[0]), Long.parseLong(words[1]), Long.parseLong(words[2])))
        .toList();
  }

  /** Bytes that are not UTF-8 become U+FFFD: names belong to whoever chose them. */
  static String utf8(byte[] text, int from, int to) {
    return new String(text, from, to - from, StandardCharsets.UTF_8);
  }

  static int indexOf(byte[] text, int from, int to, byte wanted) {
    for (int at = from; at < to; at++) {
      if (text[at] == wanted) {
        return at;
      }
    }
    return -1;
  }

  static long number(byte[] text, int from, int to) {
    long value = 0;
    for (int at = from; at < to && isDigit(text[at]); at++) {
      value = value * 10 + (text[at] - '0');
    }
    return value;
  }

  private static int after(byte[] text, int length, byte[] label) {
    for (int at = 0; at + label.length <= length; at++) {
      int match = 0;
      while (match < label.length && text[at + match] == label[match]) {
        match++;
      }
      if (match == label.length) {
        return at + match;
      }
    }
    return -1;
  }

  private static int blanksEnd(byte[] text, int from, int length) {
    int at = from;
    while (at < length && (text[at] == '\t' || text[at] == ' ')) {
      at++;
    }
    return at;
  }

  private static int digitsEnd(byte[] text, int from, int length) {
    int at = from;
    while (at < length && isDigit(text[at])) {
      at++;
    }
    return at;
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }

  private static IllegalArgumentException malformed(String file, byte[] text, int length) {
    return new IllegalArgumentException(
        "not a /proc/PID/" + file + ": \"" + utf8(text, 0, Math.min(length, 200)) + "\"");
  }
}
