package dev.terrarium.engine.seccomp;

import dev.terrarium.engine.syscall.Bytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.Collectors;

/** An assembled filter, ready for seccomp(2). Immutable. */
public final class Filter {
  private final List<Instruction> program;

  Filter(List<Instruction> program) {
    this.program = List.copyOf(program);
  }

  /** How many instructions it has. */
  public int length() {
    return program.size();
  }

  /** The array of struct sock_filter. */
  public Bytes bytes() {
    ByteBuffer bytes = ByteBuffer.allocate(8 * program.size()).order(ByteOrder.LITTLE_ENDIAN);
    for (Instruction each : program) {
      bytes.putShort((short) each.code().number());
      bytes.put((byte) each.whenTrue()).put((byte) each.whenFalse());
      bytes.putInt(each.operand());
    }
    return Bytes.of(bytes.array());
  }

  /** What the kernel would find if it ran the filter on that call. */
  public Verdict verdict(CallData call) {
    int accumulator = 0;
    int at = 0;
    while (true) {
      Instruction now = program.get(at);
      at++;
      boolean holds =
          switch (now.code()) {
            case RETURN, LOAD -> false;
            case EQUAL -> accumulator == now.operand();
            case ABOVE -> Integer.compareUnsigned(accumulator, now.operand()) > 0;
            case AT_LEAST -> Integer.compareUnsigned(accumulator, now.operand()) >= 0;
            case ANY_BIT -> (accumulator & now.operand()) != 0;
          };
      switch (now.code()) {
        case RETURN -> {
          return Verdict.of(now.operand());
        }
        case LOAD -> accumulator = call.wordAt(now.operand());
        case EQUAL, ABOVE, AT_LEAST, ANY_BIT -> at += holds ? now.whenTrue() : now.whenFalse();
      }
    }
  }

  /** The program, an instruction a line. */
  @Override
  public String toString() {
    return program.stream().map(Instruction::toString).collect(Collectors.joining("\n"));
  }
}
