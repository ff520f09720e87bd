package dev.terrarium.app.cli;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/**
 * Standard output or error. Remembers the first failure, which the writers on top of it swallow,
 * and writes nothing more after it: after {@code | head} has seen enough there is nobody to write
 * to, but a full disk must not pass for success.
 */
final class WatchedOutput extends FilterOutputStream {
  private volatile Optional<IOException> failure = Optional.empty();

  WatchedOutput(OutputStream out) {
    super(out);
  }

  /** Why nothing more is written, if that is so and the reader did not simply leave. */
  Optional<String> trouble() {
    return failure.map(WatchedOutput::reason).filter(reason -> !reason.equals("Broken pipe"));
  }

  /** Whether nothing more can be written, for whatever reason. */
  boolean closed() {
    return failure.isPresent();
  }

  @Override
  public void write(int b) {
    guard(() -> out.write(b));
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    guard(() -> out.write(bytes, offset, length));
  }

  @Override
  public void flush() {
    guard(out::flush);
  }

  private void guard(Write write) {
    if (failure.isPresent()) {
      return;
    }
    try {
      write.run();
    } catch (IOException e) {
      failure = Optional.of(e);
    }
  }

  private static String reason(IOException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  private interface Write {
    void run() throws IOException;
  }
}
