package dev.terrarium.engine.remote;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A listener's text as a stream of UTF-8, for a reader on the other side. When the reader is far
 * behind, whoever speaks waits, as on a real line.
 */
final class Tap extends InputStream implements Consumer<String> {

  private static final int FAR_BEHIND = 1 << 18;

  private final Queue<byte[]> waiting = new ArrayDeque<>();
  private InputStream current = InputStream.nullInputStream();
  private long behind;
  private boolean closed;
  private @Nullable AutoCloseable subscription;

  /** The subscription to end when this is closed. */
  synchronized void ends(AutoCloseable listening) {
    subscription = listening;
  }

  @Override
  public synchronized void accept(String text) {
    while (behind > FAR_BEHIND && !closed) {
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
    if (!closed && !text.isEmpty()) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      waiting.add(bytes);
      behind += bytes.length;
      notifyAll();
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
  }

  @Override
  public synchronized int read(byte[] target, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, target.length);
    int count = current.read(target, offset, length);
    while (count < 0) {
      while (waiting.isEmpty() && !closed) {
        try {
          wait();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new InterruptedIOException("interrupted while a terminal was listened to");
        }
      }
      byte[] next = waiting.poll();
      if (next == null) {
        return -1;
      }
      current = new ByteArrayInputStream(next);
      count = current.read(target, offset, length);
    }
    behind -= count;
    notifyAll();
    return count;
  }

  @Override
  public void close() throws IOException {
    AutoCloseable listening;
    synchronized (this) {
      closed = true;
      listening = subscription;
      notifyAll();
    }
    if (listening != null) {
      try {
        listening.close();
      } catch (IOException | RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IOException(e);
      }
    }
  }
}
