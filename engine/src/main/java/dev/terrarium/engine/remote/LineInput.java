package dev.terrarium.engine.remote;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;

/** Reads lines of bytes, none longer than a limit. For one thread. */
final class LineInput {
  private final InputStream in;
  private final int longest;
  private byte[] buffer = new byte[8192];
  private int from;
  private int to;

  LineInput(InputStream in, int longest) {
    this.in = in;
    this.longest = longest;
  }

  /** A line that is longer than the limit: nothing that follows can be read. */
  static final class TooLongException extends IOException {
    private static final long serialVersionUID = 1L;

    TooLongException(int longest) {
      super("a line longer than " + longest + " bytes");
    }
  }

  /**
   * The next line without its newline; empty at the end.
   *
   * @throws EOFException if the last line has no newline: its end is missing
   */
  Optional<byte[]> next() throws IOException {
    int scanned = 0;
    while (true) {
      for (int at = from + scanned; at < to; at++) {
        if (buffer[at] == '\n') {
          byte[] line = Arrays.copyOfRange(buffer, from, at);
          from = at + 1;
          return Optional.of(line);
        }
      }
      scanned = to - from;
      if (scanned > longest) {
        throw new TooLongException(longest);
      }
      if (!fill()) {
        if (scanned > 0) {
          throw new EOFException("the last line breaks off");
        }
        return Optional.empty();
      }
    }
  }

  private boolean fill() throws IOException {
    if (from > 0) {
      System.arraycopy(buffer, from, buffer, 0, to - from);
      to -= from;
      from = 0;
    }
    if (to == buffer.length) {
      buffer = Arrays.copyOf(buffer, 2 * buffer.length);
    }
    int count = in.read(buffer, to, buffer.length - to);
    if (count > 0) {
      to += count;
    }
    return count >= 0;
  }
}
