package dev.terrarium.engine.dockerfile;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as Go writes them, {@code 1m30s}: the form that the Dockerfile reference prescribes.
 */
final class GoDuration {
  private static final Pattern PART =
      Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)(ns|us|µs|ms|s|m|h)");

  private GoDuration() {}

  static Optional<Duration> parse(String text) {
    Matcher parts = PART.matcher(text);
    Duration sum = Duration.ZERO;
    int end = 0;
    while (parts.find() && parts.start() == end) {
      double number = Double.parseDouble(parts.group(1));
      sum = sum.plusNanos(Math.round(number * nanos(parts.group(2))));
      end = parts.end();
    }
    return end == text.length() && end > 0 ? Optional.of(sum) : Optional.empty();
  }

  private static double nanos(String unit) {
    return switch (unit) {
      case "ns" -> 1;
      case "us", "µs" -> 1e3;
      case "ms" -> 1e6;
      case "s" -> 1e9;
      case "m" -> 60e9;
      default -> 3600e9;
    };
  }
}
