package dev.terrarium.engine.stub;

import dev.terrarium.engine.syscall.Arch;
import dev.terrarium.engine.syscall.Bytes;
import dev.terrarium.engine.syscall.Call;
import dev.terrarium.engine.syscall.Operand;
import dev.terrarium.engine.syscall.Outcome;
import dev.terrarium.engine.syscall.Syscall;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Encodes calls as requests and replies as outcomes; the picture is at {@link StubImage}. Not
 * thread-safe.
 */
final class Channel {

  /**
   * A reply as it arrived.
   *
   * @param answered the call that it answers, which is clone(2) if the answer comes from the
   *     waiting parent
   * @param result the kernel's raw result: negative errno if it failed
   * @param memory what the kernel left in the call's memory operands
   */
  record Reply(int answered, long result, List<Bytes> memory) {
    boolean failed() {
      return result < 0 && result >= -4095;
    }

    Outcome outcome() {
      return new Outcome(result, memory);
    }
  }

  private final Arch arch;
  private final OutputStream requests;
  private final InputStream replies;

  Channel(Arch arch, OutputStream requests, InputStream replies) {
    this.arch = arch;
    this.requests = requests;
    this.replies = replies;
  }

  /** The parent's late answer to the clone(2) that made the present caller. */
  boolean answersClone(Reply reply) {
    return reply.answered() == Syscall.CLONE.number(arch);
  }

  /**
   * Sends the call and waits for the reply.
   *
   * @throws IllegalArgumentException if its strings do not fit the request
   * @throws EOFException if nobody is there to answer
   */
  Reply exchange(Call call) throws IOException {
    Encoder encoder = new Encoder(call);
    requests.write(encoder.bytes, 0, encoder.end);
    requests.flush();
    byte[] reply = replies.readNBytes(encoder.replyLength);
    if (reply.length < encoder.replyLength) {
      throw new EOFException("the stub is gone; nobody answers " + call);
    }
    ByteBuffer view = ByteBuffer.wrap(reply).order(ByteOrder.LITTLE_ENDIAN);
    List<Bytes> memory = new ArrayList<>(encoder.memoryAt.size());
    for (int i = 0; i < encoder.memoryAt.size(); i++) {
      byte[] piece = new byte[encoder.memoryLength.get(i)];
      view.get(encoder.memoryAt.get(i), piece);
      memory.add(Bytes.of(piece));
    }
    return new Reply((int) view.getLong(8), view.getLong(0), memory);
  }

  /** Lays out one request: the header, then each operand's data, aligned to 8 bytes. */
  private final class Encoder {
    private final byte[] bytes;
    private final ByteBuffer request;
    private final List<Integer> memoryAt = new ArrayList<>(1);
    private final List<Integer> memoryLength = new ArrayList<>(1);
    private int end = StubImage.HEADER;
    // The result, and the number of the call that it answers.
    private int replyLength = 16;

    Encoder(Call call) {
      bytes = new byte[length(call)];
      request = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      request.putLong(8, call.syscall().number(arch));
      int register = 16;
      for (Operand operand : call.operands()) {
        request.putLong(register, value(operand));
        register += 8;
      }
      request.putLong(0, end);
      request.putLong(64, replyLength);
    }

    private long value(Operand operand) {
      return switch (operand) {
        case Operand.Register register -> register.value();
        case Operand.Text text -> pointer(terminated(text.value()));
        case Operand.Words words -> {
          long[] pointers =
              words.values().stream().mapToLong(word -> pointer(terminated(word))).toArray();
          ByteBuffer vector =
              ByteBuffer.allocate(8 * (pointers.length + 1)).order(ByteOrder.LITTLE_ENDIAN);
          for (long pointer : pointers) {
            vector.putLong(pointer);
          }
          yield pointer(vector.array());
        }
        case Operand.Memory memory -> {
          memoryAt.add(end);
          memoryLength.add(memory.content().length());
          long pointer = pointer(memory.content().toArray());
          replyLength = end;
          yield pointer;
        }
      };
    }

    private long pointer(byte[] data) {
      long address = StubImage.BUFFER + end;
      request.put(end, data);
      end += aligned(data.length);
      return address;
    }
  }

  private static int length(Call call) {
    long length = StubImage.HEADER;
    for (Operand operand : call.operands()) {
      length +=
          switch (operand) {
            case Operand.Register ignored -> 0;
            case Operand.Text text -> aligned(terminated(text.value()).length);
            case Operand.Words words ->
                words.values().stream().mapToLong(word -> aligned(terminated(word).length)).sum()
                    + 8L * (words.values().size() + 1);
            case Operand.Memory memory -> aligned(memory.content().length());
          };
    }
    if (length > StubImage.CAPACITY) {
      throw new IllegalArgumentException(
          "%s with arguments of %d bytes; a request holds %d"
              .formatted(call.syscall().symbol(), length, StubImage.CAPACITY));
    }
    return (int) length;
  }

  private static byte[] terminated(String text) {
    if (text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("a string with a NUL cannot reach the kernel: " + text);
    }
    return (text + "\0").getBytes(StandardCharsets.UTF_8);
  }

  private static int aligned(int length) {
    return (length + 7) & ~7;
  }
}
