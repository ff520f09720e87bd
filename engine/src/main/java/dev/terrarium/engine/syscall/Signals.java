package dev.terrarium.engine.syscall;

import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/** Signals by name and number, which x86-64 and aarch64 share. Source: signal(7). */
public final class Signals {
  private static final List<String> NAMES =
      List.of(
          "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2",
          "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG",
          "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS");

  private Signals() {}

  /** Such as {@code SIGTERM} for 15; a number without a name is given as it is. */
  public static String name(int number) {
    return number >= 1 && number <= NAMES.size()
        ? "SIG" + NAMES.get(number - 1)
        : Integer.toString(number);
  }

  /** The number for {@code TERM}, {@code sigterm} or {@code 15}. */
  public static OptionalInt number(String name) {
    String bare = name.toUpperCase(Locale.ROOT);
    if (bare.startsWith("SIG")) {
      bare = bare.substring(3);
    }
    int at = NAMES.indexOf(bare);
    if (at >= 0) {
      return OptionalInt.of(at + 1);
    }
    return bare.matches("[1-9]|[1-5][0-9]|6[0-4]")
        ? OptionalInt.of(Integer.parseInt(bare))
        : OptionalInt.empty();
  }
}
