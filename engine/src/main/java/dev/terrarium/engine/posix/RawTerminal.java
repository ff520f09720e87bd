package dev.terrarium.engine.posix;

import java.io.IOException;

/**
 * The terminal that one of this process's standard descriptors is, given over to somebody else:
 * each key is passed on as it is, Ctrl-C among them, and nothing is echoed. {@link #close} gives it
 * back as it was. Source: termios(3), ioctl_tty(2).
 */
public final class RawTerminal implements AutoCloseable {
  /** More than any C library's struct termios; what is in it is the library's business. */
  private static final int TERMIOS = 256;

  private final int descriptor;
  private final byte[] before;
  private boolean closed;

  private RawTerminal(int descriptor, byte[] before) {
    this.descriptor = descriptor;
    this.before = before;
  }

  /** A screen's size, in characters. */
  public record Size(int columns, int rows) {}

  /**
   * Takes the terminal over.
   *
   * @throws IOException if it is none
   */
  public static RawTerminal of(int descriptor) throws IOException {
    byte[] before = new byte[TERMIOS];
    Posix.terminalAttributes(descriptor, before);
    byte[] raw = before.clone();
    Posix.makeRaw(raw);
    Posix.setTerminalAttributes(descriptor, raw);
    return new RawTerminal(descriptor, before);
  }

  /** The size of the screen that this descriptor is. */
  public static Size size(int descriptor) throws IOException {
    short[] size = Posix.windowSize(descriptor);
    return new Size(Short.toUnsignedInt(size[1]), Short.toUnsignedInt(size[0]));
  }

  /** Gives it back as it was. Idempotent. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      try {
        Posix.setTerminalAttributes(descriptor, before);
      } catch (IOException e) {
        // It is gone; there is nothing to give back.
      }
    }
  }
}
