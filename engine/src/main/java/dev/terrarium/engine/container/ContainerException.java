package dev.terrarium.engine.container;

/**
 * A step that could not be made: which step, which call with which arguments, why, and what would
 * help.
 */
public final class ContainerException extends RuntimeException {
  public ContainerException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Of a step that was made in another process, where its cause has remained. */
  public ContainerException(String message) {
    super(message);
  }
}
