package dev.terrarium.engine.registry;

import dev.terrarium.engine.fact.ExitStatus;
import java.util.Optional;

/** What has become of a container. */
public sealed interface Status {
  record Running() implements Status {}

  /** It ended, like that. */
  record Ended(ExitStatus status) implements Status {}

  /** It ended with its engine, which nobody told how. */
  record Lost() implements Status {}

  /** {@code exited 7} or {@code killed 9}, and a newline. */
  static String line(ExitStatus status) {
    return switch (status) {
      case ExitStatus.Exited exited -> "exited " + exited.code() + "\n";
      case ExitStatus.Killed killed -> "killed " + killed.signal() + "\n";
    };
  }

  /** The other way round; empty if that is no such line. */
  static Optional<Status> parse(String line) {
    if (!line.matches("(exited|killed) \\d{1,3}\n")) {
      return Optional.empty();
    }
    int number = Integer.parseInt(line.substring(line.indexOf(' ') + 1).strip());
    return Optional.of(
        new Ended(
            line.startsWith("exited")
                ? new ExitStatus.Exited(number)
                : new ExitStatus.Killed(number)));
  }
}
