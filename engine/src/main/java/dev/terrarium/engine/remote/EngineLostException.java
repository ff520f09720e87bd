package dev.terrarium.engine.remote;

/** The engine in another process is not there any more: why, in one sentence. */
public final class EngineLostException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  EngineLostException(String reason) {
    super(reason);
  }
}
