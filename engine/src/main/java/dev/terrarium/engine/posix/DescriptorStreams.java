package dev.terrarium.engine.posix;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Streams over descriptors that were got from the kernel by number. Closing one closes the
 * descriptor; who waits in read(2) meanwhile goes on waiting for the other side.
 */
public final class DescriptorStreams {

  /** A pipe's capacity on Linux, pipe(7). */
  private static final int MOST = 1 << 16;

  private DescriptorStreams() {}

  public static InputStream input(int descriptor) {
    AtomicBoolean closed = new AtomicBoolean();
    return new InputStream() {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
      }

      @Override
      public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
          return 0;
        }
        refuse(closed);
        byte[] portion = new byte[Math.min(length, MOST)];
        int count = Posix.read(descriptor, portion);
        System.arraycopy(portion, 0, target, offset, count);
        return count == 0 ? -1 : count;
      }

      @Override
      public void close() throws IOException {
        closeOnce(descriptor, closed);
      }
    };
  }

  public static OutputStream output(int descriptor) {
    AtomicBoolean closed = new AtomicBoolean();
    return new OutputStream() {
      @Override
      public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
      }

      @Override
      public void write(byte[] source, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, source.length);
        int from = offset;
        int end = offset + length;
        while (from < end) {
          refuse(closed);
          byte[] portion = Arrays.copyOfRange(source, from, Math.min(end, from + MOST));
          from += Posix.write(descriptor, portion);
        }
      }

      @Override
      public void close() throws IOException {
        closeOnce(descriptor, closed);
      }
    };
  }

  private static void refuse(AtomicBoolean closed) throws IOException {
    if (closed.get()) {
      throw new IOException("the stream is closed");
    }
  }

  /** A number that is closed twice may by then be another file's. */
  private static void closeOnce(int descriptor, AtomicBoolean closed) throws IOException {
    if (!closed.getAndSet(true)) {
      Posix.close(descriptor);
    }
  }
}
