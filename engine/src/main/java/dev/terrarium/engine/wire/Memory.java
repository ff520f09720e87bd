package dev.terrarium.engine.wire;

import java.nio.ByteBuffer;
import java.util.Optional;

/** What a caller's pointers lead to. */
interface Memory extends AutoCloseable {

  /** Nothing of it is looked at. */
  Memory CLOSED =
      new Memory() {
        @Override
        public Optional<byte[]> text(long address, int most) {
          return Optional.empty();
        }

        @Override
        public Optional<ByteBuffer> bytes(long address, int count) {
          return Optional.empty();
        }

        @Override
        public void close() {}
      };

  /** A string without its NUL; cut off after so many bytes. */
  Optional<byte[]> text(long address, int most);

  /** So many bytes; integers in them are little-endian. */
  Optional<ByteBuffer> bytes(long address, int count);

  @Override
  void close();
}
