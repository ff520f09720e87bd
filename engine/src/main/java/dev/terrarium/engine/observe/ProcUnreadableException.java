package dev.terrarium.engine.observe;

/** The host could not be looked at, for a reason other than one process hiding or ending. */
public final class ProcUnreadableException extends RuntimeException {
  ProcUnreadableException(String message) {
    super(message);
  }
}
