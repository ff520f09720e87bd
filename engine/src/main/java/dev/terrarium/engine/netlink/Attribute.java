package dev.terrarium.engine.netlink;

import dev.terrarium.engine.syscall.Bytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One attribute of a message that was received. Source: netlink(7). */
record Attribute(int type, Bytes value) {
  private static final int HEADER = 4;
  private static final int TYPE_MASK = 0x3fff;

  static List<Attribute> in(Bytes payload, int from) {
    ByteBuffer bytes = ByteBuffer.wrap(payload.toArray()).order(ByteOrder.LITTLE_ENDIAN);
    bytes.position(Math.min(aligned(from), bytes.limit()));
    List<Attribute> attributes = new ArrayList<>();
    while (bytes.remaining() >= HEADER) {
      int start = bytes.position();
      int length = Short.toUnsignedInt(bytes.getShort());
      int type = bytes.getShort() & TYPE_MASK;
      if (length < HEADER || length > bytes.limit() - start) {
        throw new IllegalStateException(
            "a netlink attribute of %d bytes where %d are left"
                .formatted(length, bytes.limit() - start));
      }
      byte[] value = new byte[length - HEADER];
      bytes.get(value);
      attributes.add(new Attribute(type, Bytes.of(value)));
      bytes.position(Math.min(start + aligned(length), bytes.limit()));
    }
    return attributes;
  }

  static Optional<Attribute> find(List<Attribute> attributes, int type) {
    return attributes.stream().filter(attribute -> attribute.type() == type).findFirst();
  }

  /** The value as a string, without the NUL that may end it. */
  String text() {
    String text = new String(value.toArray(), StandardCharsets.UTF_8);
    int end = text.indexOf('\0');
    return end < 0 ? text : text.substring(0, end);
  }

  /** The value as attributes of its own. */
  List<Attribute> nested() {
    return in(value, 0);
  }

  /** Messages and attributes begin at multiples of four bytes. */
  static int aligned(int length) {
    return (length + 3) & ~3;
  }
}
