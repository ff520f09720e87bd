package dev.terrarium.app.cli;

import dev.terrarium.engine.layer.Progress;
import java.io.Console;

/** One line on a terminal that says how far long work is; silent where nobody looks. */
final class ProgressLine implements Progress, AutoCloseable {
  private static final long EVERY = 100_000_000;

  private final Streams streams;
  private final boolean watched = onTerminal();
  private long last;
  private boolean shown;

  ProgressLine(Streams streams) {
    this.streams = streams;
  }

  /** Never null since JDK 22, which its declaration does not say. */
  @SuppressWarnings("SystemConsoleNull")
  private static boolean onTerminal() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }

  @Override
  public void at(String what, long done, long total) {
    long now = System.nanoTime();
    if (!watched || now - last < EVERY) {
      return;
    }
    last = now;
    shown = true;
    String far = total > 0 ? " %d %%".formatted(100 * done / total) : " " + Sizes.of(done);
    streams.err().print("\r\033[K" + what + far);
    streams.err().flush();
  }

  /** Takes the line away. */
  @Override
  public void close() {
    if (shown) {
      streams.err().print("\r\033[K");
      streams.err().flush();
      shown = false;
    }
  }
}
