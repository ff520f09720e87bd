package dev.terrarium.app.text;

import java.util.Locale;

/** Sizes as people read them: powers of 1024. */
public final class ByteSize {
  private static final String UNITS = "kMGT";

  private ByteSize() {}

  /** Such as {@code 512 B}, {@code 3.4 MB}. */
  public static String of(long bytes) {
    if (bytes < 1000) {
      return bytes + " B";
    }
    double value = bytes;
    int unit = -1;
    while (value >= 1000 && unit < UNITS.length() - 1) {
      value /= 1024;
      unit++;
    }
    return String.format(
        Locale.ROOT, value < 10 ? "%.1f %cB" : "%.0f %cB", value, UNITS.charAt(unit));
  }

  /** The same with its sign; the minus is the typographer's. */
  public static String signed(long bytes) {
    return bytes == 0 ? "0 B" : (bytes < 0 ? "\u2212" : "+") + of(Math.abs(bytes));
  }
}
