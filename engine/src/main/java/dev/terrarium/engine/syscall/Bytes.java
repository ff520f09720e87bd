package dev.terrarium.engine.syscall;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Immutable bytes that compare by value; integers in them are little-endian, as on both
 * architectures.
 */
public final class Bytes {
  private final byte[] content;

  private Bytes(byte[] content) {
    this.content = content;
  }

  public static Bytes of(byte[] content) {
    return new Bytes(content.clone());
  }

  public static Bytes zeros(int count) {
    return new Bytes(new byte[count]);
  }

  public int length() {
    return content.length;
  }

  /** The 32-bit integer at that offset. */
  public int intAt(int offset) {
    return ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).getInt(offset);
  }

  public byte[] toArray() {
    return content.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes bytes && Arrays.equals(content, bytes.content);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(content);
  }

  @Override
  public String toString() {
    return content.length + " bytes";
  }
}
