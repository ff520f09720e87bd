package dev.terrarium.engine.netlink;

import dev.terrarium.engine.syscall.Bytes;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * What follows a message's header: fixed fields, then attributes, each of them a length, a type and
 * a value, padded to four bytes. Numbers are in the processor's order unless a name here says
 * otherwise. Source: netlink(7), rtnetlink(7).
 */
final class Payload {
  private static final int NLA_F_NESTED = 0x8000;
  private static final int ATTRIBUTE_HEADER = 4;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  Payload byteField(int value) {
    bytes.write(value);
    return this;
  }

  Payload shortField(int value) {
    return byteField(value).byteField(value >> 8);
  }

  Payload intField(int value) {
    return shortField(value).shortField(value >> 16);
  }

  /** A value as it is. */
  Payload bytes(int type, byte[] value) {
    shortField(ATTRIBUTE_HEADER + value.length).shortField(type);
    bytes.writeBytes(value);
    while (bytes.size() % 4 != 0) {
      bytes.write(0);
    }
    return this;
  }

  /** A string with its terminating NUL. */
  Payload text(int type, String value) {
    return bytes(type, (value + "\0").getBytes(StandardCharsets.US_ASCII));
  }

  Payload number(int type, int value) {
    return bytes(type, ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
  }

  /** In network order, as all numbers of nf_tables. */
  Payload networkNumber(int type, int value) {
    return bytes(type, ByteBuffer.allocate(4).order(ByteOrder.BIG_ENDIAN).putInt(value).array());
  }

  /** Attributes within an attribute. */
  Payload nest(int type, Consumer<Payload> content) {
    Payload inner = new Payload();
    content.accept(inner);
    return bytes(type, inner.bytes.toByteArray());
  }

  /** The same with the flag that says so, which nf_tables wants and rtnetlink does without. */
  Payload flaggedNest(int type, Consumer<Payload> content) {
    return nest(type | NLA_F_NESTED, content);
  }

  Bytes toBytes() {
    return Bytes.of(bytes.toByteArray());
  }
}
