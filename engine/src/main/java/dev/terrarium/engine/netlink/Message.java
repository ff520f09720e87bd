package dev.terrarium.engine.netlink;

import dev.terrarium.engine.syscall.Bytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * One request to the kernel, without its number in the conversation. Source: netlink(7).
 *
 * @param type such as RTM_NEWLINK
 * @param flags NLM_F_*, beside NLM_F_REQUEST
 * @param payload the family's fixed fields and attributes
 * @param shown as a person reads it, such as {@code RTM_NEWLINK, bridge "br0" up}
 */
public record Message(int type, int flags, Bytes payload, String shown) {
  static final int HEADER = 16;

  static final int NLM_F_REQUEST = 1;
  static final int NLM_F_ACK = 4;
  static final int NLM_F_DUMP = 0x300;
  static final int NLM_F_EXCL = 0x200;
  static final int NLM_F_CREATE = 0x400;
  static final int NLM_F_APPEND = 0x800;

  /** As it travels; the kernel fills in the sender. */
  Bytes numbered(int sequence) {
    ByteBuffer bytes =
        ByteBuffer.allocate(HEADER + payload.length()).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(bytes.capacity()).putShort((short) type).putShort((short) (NLM_F_REQUEST | flags));
    bytes.putInt(sequence).putInt(0).put(payload.toArray());
    return Bytes.of(bytes.array());
  }
}
