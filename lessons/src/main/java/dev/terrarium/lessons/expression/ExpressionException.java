package dev.terrarium.lessons.expression;

/** An expression that does not compile, or that has no value in this world; one line. */
public final class ExpressionException extends Exception {

  public ExpressionException(String message) {
    super(message);
  }
}
