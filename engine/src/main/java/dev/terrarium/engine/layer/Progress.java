package dev.terrarium.engine.layer;

import java.io.InterruptedIOException;

/** Hears how far long work is, and may end it. */
public interface Progress {
  /** Hears nothing, ends nothing. */
  Progress NONE = (_, _, _) -> {};

  /** Ends the work when the working thread is interrupted. */
  Progress UNTIL_INTERRUPTED =
      (what, _, _) -> {
        if (Thread.currentThread().isInterrupted()) {
          throw new InterruptedIOException(what + ": interrupted");
        }
      };

  /**
   * Called often, on the working thread.
   *
   * @param what is being done, such as {@code unpack sha256:12ab34cd}
   * @param done bytes so far
   * @param total bytes in all; 0 if not known
   * @throws InterruptedIOException if the work is to end and to leave nothing behind
   */
  void at(String what, long done, long total) throws InterruptedIOException;
}
