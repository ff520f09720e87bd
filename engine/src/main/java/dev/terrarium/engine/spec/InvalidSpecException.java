package dev.terrarium.engine.spec;

import java.util.List;

/**
 * A specification that cannot work, found before anything was made; the message says what would be
 * right.
 */
public final class InvalidSpecException extends IllegalArgumentException {
  private final transient List<String> problems;

  public InvalidSpecException(List<String> problems) {
    super(String.join("; ", problems));
    this.problems = List.copyOf(problems);
  }

  /** One sentence each. */
  public List<String> problems() {
    return problems;
  }
}
