package dev.terrarium.app.cli;

import dev.terrarium.app.text.ByteSize;
import java.util.Locale;

/** Sizes as people write and read them: powers of 1024. */
final class Sizes {
  private Sizes() {}

  /** Such as {@code 512 B}, {@code 3.4 MB}. */
  static String of(long bytes) {
    return ByteSize.of(bytes);
  }

  /** The same with its sign. */
  static String signed(long bytes) {
    return bytes == 0 ? "0 B" : (bytes < 0 ? "-" : "+") + of(Math.abs(bytes));
  }

  /**
   * From {@code 64m}, {@code 1g}, {@code 4096}.
   *
   * @param option whose value it is, for the message
   */
  static long parse(String option, String text) {
    String lower = text.toLowerCase(Locale.ROOT).replaceAll("i?b$", "");
    int unit = lower.isEmpty() ? -1 : "kmgt".indexOf(lower.charAt(lower.length() - 1));
    String digits = unit < 0 ? lower : lower.substring(0, lower.length() - 1);
    try {
      long value = Math.multiplyExact(Long.parseLong(digits), 1L << (10 * (unit + 1)));
      if (value >= 0) {
        return value;
      }
    } catch (ArithmeticException | NumberFormatException e) {
      // said below, as for every other text that is no size
    }
    throw Failure.usage(option + ": '" + text + "' is no size; use bytes, or 64m, 1g");
  }
}
