package dev.terrarium.engine.seccomp;

import dev.terrarium.engine.syscall.Arch;
import java.util.List;

/**
 * A system call as a filter sees it: struct seccomp_data. Pointers are among the arguments, what
 * they point to is not. Source: seccomp(2).
 *
 * @param number of the call, which means another call on another architecture
 * @param architecture AUDIT_ARCH_* of linux/audit.h
 * @param instructionPointer where the caller was
 * @param args six registers
 */
public record CallData(int number, int architecture, long instructionPointer, List<Long> args) {
  static final int NUMBER_AT = 0;
  static final int ARCHITECTURE_AT = 4;
  private static final int INSTRUCTION_POINTER_AT = 8;
  private static final int ARGS_AT = 16;

  public CallData {
    args = List.copyOf(args);
  }

  /** AUDIT_ARCH_X86_64 or AUDIT_ARCH_AARCH64: the ELF machine, 64 bits, little-endian. */
  public static int audit(Arch arch) {
    return switch (arch) {
      case X86_64 -> 0xc000_003e;
      case AARCH64 -> 0xc000_00b7;
    };
  }

  /** Where the low half of that argument is; both architectures are little-endian. */
  static int lowOfArgument(int index) {
    return ARGS_AT + 8 * index;
  }

  /** The 32 bits at that offset of the structure. */
  int wordAt(int offset) {
    return switch (offset) {
      case NUMBER_AT -> number;
      case ARCHITECTURE_AT -> architecture;
      default -> {
        long field =
            offset < ARGS_AT ? instructionPointer : args.get((offset - ARGS_AT) / Long.BYTES);
        boolean high = (offset - INSTRUCTION_POINTER_AT) % Long.BYTES != 0;
        yield (int) (high ? field >>> 32 : field);
      }
    };
  }
}
