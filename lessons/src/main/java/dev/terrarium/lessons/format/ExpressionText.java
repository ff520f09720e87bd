package dev.terrarium.lessons.format;

import java.util.Set;

/**
 * An expression where it stands, not yet compiled: the format knows no expression language.
 *
 * @param step the step's id
 * @param place the keys that lead to it within the step, such as {@code predict.observe}
 * @param wants what its value has to be
 * @param text the expression
 * @param file that holds it
 * @param line in that file, from 1
 * @param kept the names that have been kept before it is evaluated
 */
public record ExpressionText(
    String step, String place, Wants wants, String text, String file, int line, Set<String> kept) {

  public ExpressionText {
    kept = Set.copyOf(kept);
  }

  /** What the value of an expression has to be. */
  public enum Wants {
    /** True or false: a check, a thing to wait for. */
    TRUTH,
    /** A whole number: a process to signal. */
    NUMBER,
    /** A string, a whole number or a truth, read as text: an answer. */
    TEXT
  }
}
