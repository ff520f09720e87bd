package dev.terrarium.engine.stub;

import dev.terrarium.engine.syscall.Arch;
import dev.terrarium.engine.syscall.Bytes;
import dev.terrarium.engine.syscall.Call;
import dev.terrarium.engine.syscall.Operand;
import dev.terrarium.engine.syscall.Outcome;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Encodes calls as requests and replies as outcomes; the picture is at {@link StubImage}. Not
 * thread-safe.
 */
final class Channel {

  /**
   * A reply as it arrived.
   *
   * @param token of the request that it answers
   * @param result the kernel's raw result: negative errno if it failed
   * @param memory what the kernel left in the call's memory operands
   */
  record Reply(long token, long result, List<Bytes> memory) {
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
  private long sequence;

  /** Tokens of the clone(2) calls whose parents have not answered yet, the latest first. */
  private final Deque<Long> sleeping = new ArrayDeque<>();

  /** How long the replies will be that nobody waits for any more, by token. */
  private final Map<Long, Integer> stray = new HashMap<>();

  Channel(Arch arch, OutputStream requests, InputStream replies) {
    this.arch = arch;
    this.requests = requests;
    this.replies = replies;
  }

  /** How many children deep the present caller is: 0 for the stub itself. */
  int generation() {
    return sleeping.size();
  }

  /**
   * Notes that the clone(2) with that token was answered by the child, and that its parent's answer
   * is to come.
   */
  void enterChild(Reply clone) {
    sleeping.push(clone.token());
  }

  /**
   * Sends the call and waits for the reply.
   *
   * @return the reply, or nothing if the caller is gone, or has become another program: its parent
   *     answered instead
   * @throws IllegalArgumentException if its strings do not fit the request
   * @throws EOFException if nobody is there to answer
   */
  Optional<Reply> exchange(Call call) throws IOException {
    List<Reply> replies = exchangeAll(List.of(call));
    return replies.isEmpty() ? Optional.empty() : Optional.of(replies.getFirst());
  }

  /**
   * Sends calls that do not wait for one another's results, all before the first reply: the caller
   * makes them one after the other without having to be woken for each.
   *
   * @return a reply for each, fewer if the caller is gone
   * @throws IllegalArgumentException if the requests together are longer than one may be
   */
  List<Reply> exchangeAll(List<Call> calls) throws IOException {
    if (calls.stream().mapToLong(Channel::length).sum() > StubImage.CAPACITY) {
      throw new IllegalArgumentException(
          calls.size() + " calls at once are more than a pipe holds");
    }
    List<Encoder> sent = new ArrayList<>(calls.size());
    for (Call call : calls) {
      Encoder encoder = new Encoder(call, ++sequence << 8 | generation());
      requests.write(encoder.bytes, 0, encoder.end);
      sent.add(encoder);
    }
    requests.flush();
    List<Reply> replies = new ArrayList<>(calls.size());
    for (Encoder request : sent) {
      Optional<Reply> reply = receive(request);
      if (reply.isEmpty()) {
        // If the child died before it read the requests, its parent will read and refuse them.
        List<Encoder> unheard = sent.subList(replies.size(), sent.size());
        unheard.forEach(left -> stray.put(left.token, left.replyLength));
        break;
      }
      replies.add(reply.get());
    }
    return replies;
  }

  private Optional<Reply> receive(Encoder request) throws IOException {
    Call call = request.call;
    while (true) {
      byte[] header = read(StubImage.HEADER, call);
      ByteBuffer fields = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
      long answered = fields.getLong(StubImage.HEADER - 8);
      if (answered == request.token) {
        byte[] data = read(request.replyLength - StubImage.HEADER, call);
        return Optional.of(new Reply(answered, fields.getLong(0), request.memory(data)));
      }
      Integer strayLength = stray.remove(answered);
      if (strayLength != null) {
        read(strayLength - StubImage.HEADER, call);
      } else if (!sleeping.isEmpty() && answered == sleeping.element()) {
        sleeping.pop();
        return Optional.empty();
      } else {
        throw new IOException("a reply that answers nothing, instead of one to " + call);
      }
    }
  }

  /**
   * Sends a request that was encoded beforehand and reads the reply that comes, whoever answers.
   *
   * @return the raw result
   */
  long exchange(Prepared request) throws IOException {
    requests.write(request.bytes().toArray());
    requests.flush();
    byte[] reply = read(request.replyLength(), request.call());
    return ByteBuffer.wrap(reply).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
  }

  /**
   * A request, encoded.
   *
   * @param replyLength of whoever answers: the parent's answer to a clone, if the call is the last
   *     of the child
   */
  record Prepared(Call call, Bytes bytes, int replyLength) {}

  /** Encodes a call of a child so many clones deep. */
  Prepared prepare(Call call, int generation, boolean last) {
    // No token of the engine's own has a sequence number of 0.
    Encoder encoder = new Encoder(call, generation);
    return new Prepared(
        call, Bytes.of(encoder.bytes), last ? StubImage.HEADER : encoder.replyLength);
  }

  /**
   * Sends a call after which somebody else is there, who does not answer it.
   *
   * @param done whether that has come about
   * @return the reply, if it failed
   */
  Optional<Reply> become(Call call, BooleanSupplier done) throws IOException {
    long token = ++sequence << 8 | generation();
    Encoder encoder = new Encoder(call, token);
    requests.write(encoder.bytes, 0, encoder.end);
    requests.flush();
    while (replies.available() == 0) {
      if (done.getAsBoolean()) {
        return Optional.empty();
      }
      Thread.onSpinWait();
    }
    byte[] reply = read(encoder.replyLength, call);
    long result = ByteBuffer.wrap(reply).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
    return Optional.of(new Reply(token, result, List.of()));
  }

  private byte[] read(int length, Call call) throws IOException {
    byte[] bytes = replies.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("the stub is gone; nobody answers " + call);
    }
    return bytes;
  }

  /** Lays out one request: the header, then each operand's data, aligned to 8 bytes. */
  private final class Encoder {
    private final Call call;
    private final long token;
    private final byte[] bytes;
    private final ByteBuffer request;
    private final List<Integer> memoryAt = new ArrayList<>(1);
    private final List<Integer> memoryLength = new ArrayList<>(1);
    private int end = StubImage.HEADER;
    private int replyLength = StubImage.HEADER;

    Encoder(Call call, long token) {
      this.call = call;
      this.token = token;
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
      request.putLong(72, token);
    }

    /** Cuts the memory operands out of a reply's data. */
    List<Bytes> memory(byte[] data) {
      List<Bytes> memory = new ArrayList<>(memoryAt.size());
      for (int i = 0; i < memoryAt.size(); i++) {
        int from = memoryAt.get(i) - StubImage.HEADER;
        memory.add(Bytes.of(Arrays.copyOfRange(data, from, from + memoryLength.get(i))));
      }
      return memory;
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
        case Operand.Structure structure -> {
          long[] fields = structure.fields().stream().mapToLong(this::value).toArray();
          yield pointer(Bytes.ofLongs(fields).toArray());
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
    long length = StubImage.HEADER + call.operands().stream().mapToLong(Channel::dataLength).sum();
    if (length > StubImage.CAPACITY) {
      throw new IllegalArgumentException(
          "%s with arguments of %d bytes; a request holds %d"
              .formatted(call.syscall().symbol(), length, StubImage.CAPACITY));
    }
    return (int) length;
  }

  private static long dataLength(Operand operand) {
    return switch (operand) {
      case Operand.Register ignored -> 0;
      case Operand.Text text -> aligned(terminated(text.value()).length);
      case Operand.Words words ->
          words.values().stream().mapToLong(word -> aligned(terminated(word).length)).sum()
              + 8L * (words.values().size() + 1);
      case Operand.Structure structure ->
          structure.fields().stream().mapToLong(Channel::dataLength).sum()
              + 8L * structure.fields().size();
      case Operand.Memory memory -> aligned(memory.content().length());
    };
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
