package dev.terrarium.lessons.play;

/** An action of a lesson could not be done on this host; one line that says why. */
final class ActionFailedException extends Exception {

  ActionFailedException(String message) {
    super(message);
  }

  ActionFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
