package dev.terrarium.engine.netlink;

import dev.terrarium.engine.syscall.Bytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * One message from the kernel. Source: netlink(7).
 *
 * @param type NLMSG_ERROR, NLMSG_DONE, or what was asked for
 * @param multi whether more messages belong to the same answer
 * @param sequence the number of the request that it answers
 * @param payload fixed fields and attributes
 */
record Answer(int type, boolean multi, int sequence, Bytes payload) {
  private static final int NLMSG_ERROR = 2;
  private static final int NLMSG_DONE = 3;
  private static final int NLM_F_MULTI = 2;

  /** Cuts what was received into its messages. */
  static List<Answer> in(byte[] received, int length) {
    ByteBuffer bytes = ByteBuffer.wrap(received, 0, length).order(ByteOrder.LITTLE_ENDIAN);
    List<Answer> answers = new ArrayList<>();
    while (bytes.remaining() >= Message.HEADER) {
      int from = bytes.position();
      int size = bytes.getInt();
      if (size < Message.HEADER || size > length - from) {
        throw new IllegalStateException(
            "a netlink message of %d bytes in the %d that were received"
                .formatted(size, length - from));
      }
      int type = Short.toUnsignedInt(bytes.getShort());
      int flags = bytes.getShort();
      int sequence = bytes.getInt();
      byte[] payload = new byte[size - Message.HEADER];
      bytes.position(from + Message.HEADER).get(payload);
      answers.add(new Answer(type, (flags & NLM_F_MULTI) != 0, sequence, Bytes.of(payload)));
      bytes.position(Math.min(from + Attribute.aligned(size), length));
    }
    return answers;
  }

  /** Whether it is a verdict; with the error 0 it is an acknowledgement. */
  boolean verdict() {
    return type == NLMSG_ERROR;
  }

  /** Whether it ends an answer of several messages. */
  boolean done() {
    return type == NLMSG_DONE;
  }

  /** The errno of a verdict; 0 if the request was granted. */
  int error() {
    return -payload.intAt(0);
  }

  /** Its attributes, which begin after so many bytes. */
  List<Attribute> attributes(int fixedFields) {
    return Attribute.in(payload, fixedFields);
  }
}
