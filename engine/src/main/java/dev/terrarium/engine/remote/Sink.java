package dev.terrarium.engine.remote;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Objects;

/** An {@link OutputStream} of the other side; a call returns when the bytes have been taken. */
interface Sink extends AutoCloseable {

  /** Writes at once. */
  void write(byte[] bytes) throws IOException;

  @Override
  void close() throws IOException;

  static Sink of(OutputStream stream) {
    return new Sink() {
      @Override
      public void write(byte[] bytes) throws IOException {
        stream.write(bytes);
        stream.flush();
      }

      @Override
      public void close() throws IOException {
        stream.close();
      }
    };
  }

  /** As a stream of this side. */
  static OutputStream stream(Sink sink) {
    return new OutputStream() {
      @Override
      public void write(int one) throws IOException {
        sink.write(new byte[] {(byte) one});
      }

      @Override
      public void write(byte[] source, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, source.length);
        for (int from = offset; from < offset + length; from += Protocol.PORTION) {
          int to = Math.min(from + Protocol.PORTION, offset + length);
          sink.write(Arrays.copyOfRange(source, from, to));
        }
      }

      @Override
      public void close() throws IOException {
        sink.close();
      }
    };
  }
}
