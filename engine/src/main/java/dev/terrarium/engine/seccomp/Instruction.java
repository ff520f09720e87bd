package dev.terrarium.engine.seccomp;

/**
 * One instruction of a classic BPF program: struct sock_filter. Source: kernel document
 * networking/filter, seccomp(2).
 *
 * @param code what it does
 * @param whenTrue how many instructions a comparison skips if it holds, 0 to 255
 * @param whenFalse how many if it does not
 * @param operand of the instruction: an offset, a number to compare with, a verdict
 */
record Instruction(Code code, int whenTrue, int whenFalse, int operand) {

  /** Those that filters of system calls need, as linux/bpf_common.h numbers them. */
  enum Code {
    /** BPF_LD | BPF_W | BPF_ABS: 32 bits of the call's data. */
    LOAD(0x20, "ld"),
    /** BPF_JMP | BPF_JEQ | BPF_K. */
    EQUAL(0x15, "jeq"),
    /** BPF_JMP | BPF_JGT | BPF_K, without sign. */
    ABOVE(0x25, "jgt"),
    /** BPF_JMP | BPF_JGE | BPF_K, without sign. */
    AT_LEAST(0x35, "jge"),
    /** BPF_JMP | BPF_JSET | BPF_K: whether any of the bits is set. */
    ANY_BIT(0x45, "jset"),
    /** BPF_RET | BPF_K. */
    RETURN(0x06, "ret");

    private final int number;
    private final String mnemonic;

    Code(int number, String mnemonic) {
      this.number = number;
      this.mnemonic = mnemonic;
    }

    int number() {
      return number;
    }
  }

  /** As bpf_asm of the kernel's tools reads it, with skips instead of labels. */
  @Override
  public String toString() {
    String hex = "0x" + Integer.toHexString(operand);
    return switch (code) {
      case LOAD -> "ld [" + operand + "]";
      case RETURN -> "ret " + hex;
      case EQUAL, ABOVE, AT_LEAST, ANY_BIT ->
          "%s #%s, +%d, +%d".formatted(code.mnemonic, hex, whenTrue, whenFalse);
    };
  }
}
