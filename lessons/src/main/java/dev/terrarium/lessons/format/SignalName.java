package dev.terrarium.lessons.format;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The signals that a lesson may send, by the names of kill(1). Source: signal(7); the numbers are
 * those of x86-64 and aarch64.
 */
public final class SignalName {

  private static final Map<String, Integer> NUMBERS = new LinkedHashMap<>();

  static {
    NUMBERS.put("HUP", 1);
    NUMBERS.put("INT", 2);
    NUMBERS.put("QUIT", 3);
    NUMBERS.put("KILL", 9);
    NUMBERS.put("USR1", 10);
    NUMBERS.put("USR2", 12);
    NUMBERS.put("TERM", 15);
    NUMBERS.put("CONT", 18);
    NUMBERS.put("STOP", 19);
  }

  private SignalName() {}

  static Set<String> all() {
    return NUMBERS.keySet();
  }

  /**
   * The number of a signal.
   *
   * @throws IllegalArgumentException if no lesson may send it
   */
  public static int number(String name) {
    Integer number = NUMBERS.get(name);
    if (number == null) {
      throw new IllegalArgumentException(
          "no signal \"" + name + "\"; possible: " + String.join(", ", NUMBERS.keySet()));
    }
    return number;
  }

  /** {@code SIGTERM} for 15; the number itself where it has no name here. */
  public static String of(int number) {
    return NUMBERS.entrySet().stream()
        .filter(entry -> entry.getValue() == number)
        .map(entry -> "SIG" + entry.getKey())
        .findFirst()
        .orElse("signal " + number);
  }
}
