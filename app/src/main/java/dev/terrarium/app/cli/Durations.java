package dev.terrarium.app.cli;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Times as people write and read them. */
final class Durations {
  private static final Pattern WHOLE = Pattern.compile("-?(\\d{1,9}(ms|s|m|h|d))+|-?\\d{1,9}");
  private static final Pattern PART = Pattern.compile("(\\d+)(ms|s|m|h|d)?");

  private Durations() {}

  /**
   * From {@code 10s}, {@code 1h30m}, {@code 500ms}, {@code 3d}, {@code -5m}; a bare number is
   * seconds.
   *
   * @param option whose value it is, for the message
   */
  static Duration parse(String option, String text) {
    if (!WHOLE.matcher(text).matches()) {
      throw Failure.usage(option + ": '" + text + "' is no time; use 10s, 500ms, 1h30m");
    }
    Duration sum = Duration.ZERO;
    Matcher part = PART.matcher(text);
    while (part.find()) {
      sum = sum.plus(one(Long.parseLong(part.group(1)), part.group(2)));
    }
    return text.startsWith("-") ? sum.negated() : sum;
  }

  /** As {@link #parse}, but no time runs backwards. */
  static Duration parsePositive(String option, String text) {
    Duration duration = parse(option, text);
    if (duration.isNegative()) {
      throw Failure.usage(option + ": '" + text + "' is negative; use 10s, 500ms, 1h30m");
    }
    return duration;
  }

  private static Duration one(long value, @Nullable String unit) {
    return switch (unit == null ? "s" : unit) {
      case "ms" -> Duration.ofMillis(value);
      case "m" -> Duration.ofMinutes(value);
      case "h" -> Duration.ofHours(value);
      case "d" -> Duration.ofDays(value);
      default -> Duration.ofSeconds(value);
    };
  }

  /** Microseconds of work, such as {@code 3.4 ms}, {@code 12.0 s}. */
  static String ofMicros(long micros) {
    if (micros < 1_000_000) {
      return String.format(Locale.ROOT, "%.1f ms", micros / 1e3);
    }
    return String.format(Locale.ROOT, "%.1f s", micros / 1e6);
  }
}
