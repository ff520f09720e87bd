package dev.terrarium.app.dock;

import com.techsenger.jeditermfx.core.TtyConnector;
import com.techsenger.jeditermfx.core.util.TermSize;
import dev.terrarium.engine.console.Console;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Connects a terminal widget to a console that it shares with the lesson: it reads what everyone
 * reads and types like anyone. Closing it ends the listening and leaves the console as it is.
 */
final class ConsoleConnector implements TtyConnector {

  /** When the widget is this far behind, the console's reader waits for it, as on a real line. */
  private static final int MOST_WAITING = 1 << 18;

  private final Console console;
  private final Queue<String> waiting = new ArrayDeque<>();
  private final Console.Subscription subscription;
  private int waitingCharacters;
  private int offset;
  private boolean closed;

  ConsoleConnector(Console console) {
    this.console = console;
    subscription = console.listen(this::hear);
  }

  private synchronized void hear(String text) {
    while (waitingCharacters > MOST_WAITING && !closed) {
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
    if (!closed && !text.isEmpty()) {
      waiting.add(text);
      waitingCharacters += text.length();
      notifyAll();
    }
  }

  @Override
  public synchronized int read(char[] buffer, int start, int length) throws IOException {
    try {
      while (waiting.isEmpty() && !closed) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return -1;
    }
    String next = waiting.peek();
    if (closed || next == null) {
      return -1;
    }
    int count = Math.min(length, next.length() - offset);
    next.getChars(offset, offset + count, buffer, start);
    offset += count;
    waitingCharacters -= count;
    if (offset == next.length()) {
      waiting.remove();
      offset = 0;
    }
    notifyAll();
    return count;
  }

  @Override
  public void write(byte[] bytes) throws IOException {
    write(new String(bytes, StandardCharsets.UTF_8));
  }

  @Override
  public void write(String text) throws IOException {
    console.type(text);
  }

  @Override
  public synchronized boolean isConnected() {
    return !closed;
  }

  @Override
  public void resize(@Nullable TermSize size) {
    if (size != null && size.getColumns() > 1 && size.getRows() > 1) {
      console.resize(size.getColumns(), size.getRows());
    }
  }

  @Override
  public synchronized int waitFor() throws InterruptedException {
    while (!closed) {
      wait();
    }
    return 0;
  }

  @Override
  public synchronized boolean ready() {
    return !waiting.isEmpty();
  }

  @Override
  public String getName() {
    return console.name();
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    subscription.close();
  }
}
