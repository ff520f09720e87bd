package dev.terrarium.engine.remote;

import java.io.IOException;
import java.io.InputStream;

/** An {@link InputStream} of the other side. It is asked for more, and so never sends too much. */
interface Source extends AutoCloseable {

  /**
   * Waits for something to read.
   *
   * @param most 1 to {@link Protocol#PORTION}
   * @return at least one byte; none at the end
   */
  byte[] read(int most) throws IOException;

  @Override
  void close() throws IOException;

  static Source of(InputStream stream) {
    return new Source() {
      @Override
      public byte[] read(int most) throws IOException {
        if (most < 1 || most > Protocol.PORTION) {
          throw new IllegalArgumentException(
              "read %d bytes: 1 to %d can be had at once".formatted(most, Protocol.PORTION));
        }
        byte[] buffer = new byte[most];
        int count = stream.read(buffer);
        return java.util.Arrays.copyOf(buffer, Math.max(count, 0));
      }

      @Override
      public void close() throws IOException {
        stream.close();
      }
    };
  }

  /** As a stream of this side. */
  static InputStream stream(Source source) {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        byte[] one = source.read(1);
        return one.length == 0 ? -1 : Byte.toUnsignedInt(one[0]);
      }

      @Override
      public int read(byte[] target, int offset, int length) throws IOException {
        java.util.Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
          return 0;
        }
        byte[] some = source.read(Math.min(length, Protocol.PORTION));
        System.arraycopy(some, 0, target, offset, some.length);
        return some.length == 0 ? -1 : some.length;
      }

      @Override
      public void close() throws IOException {
        source.close();
      }
    };
  }
}
