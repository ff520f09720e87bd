package dev.terrarium.engine.console;

import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * The master side of a pseudo-terminal, shared by a screen, a lesson and a transcript. Source:
 * pty(7).
 */
public interface Console extends AutoCloseable {

  /** Its name in facts: the container's. */
  String name();

  /** The slave side's path on the host, such as {@code /dev/pts/5}. */
  String slavePath();

  /** Sends keystrokes. */
  void type(String text) throws IOException;

  /**
   * Types one line and waits until the shell shows its next prompt.
   *
   * @return what was printed between the echo of the line and that prompt, without control
   *     sequences, lines separated by a newline, no trailing newline
   * @throws IOException if the terminal is gone or the prompt did not come within the limit
   */
  String ask(String line, Duration limit) throws IOException, InterruptedException;

  /**
   * Hears all output from now on, preceded by what was printed so far; close to stop. Called on a
   * reader thread.
   */
  Subscription listen(Consumer<String> listener);

  /**
   * Waits until all has been heard that was ever printed: no process has the terminal open any
   * more.
   *
   * @return whether it came to that before the limit
   */
  boolean awaitEnd(Duration limit) throws InterruptedException;

  /** Tells the kernel, and so the program inside, the size of the screen in characters. */
  void resize(int columns, int rows);

  /** Closes the terminal; what still runs in it gets SIGHUP. */
  @Override
  void close();

  /** Ends a {@link #listen}. */
  interface Subscription extends AutoCloseable {
    @Override
    void close();
  }
}
