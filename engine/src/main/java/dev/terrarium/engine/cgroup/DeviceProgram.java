package dev.terrarium.engine.cgroup;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Rules for devices as version 2 wants them: a program that the kernel runs whenever a process of
 * the cgroup makes or opens a device node. It returns 1 for yes and 0 for no. Source: kernel
 * document admin-guide/cgroup-v2, "Device controller"; bpf(2); struct bpf_cgroup_dev_ctx in
 * linux/bpf.h.
 *
 * <pre>
 *   w2 = access_type                kind, and above bit 16 what is wanted of it
 *   w3 = w2 >> 16
 *   w2 &= 0xffff
 *   w4 = major
 *   w5 = minor
 *   for each rule:
 *     if w2 != kind    goto next
 *     w6 = w3 & ~access
 *     if w6 != 0       goto next    more is wanted than the rule allows
 *     if w4 != major   goto next    unless any will do
 *     if w5 != minor   goto next
 *     return 1
 *   next: ...
 *   return 0
 * </pre>
 */
public final class DeviceProgram {
  private static final int LOAD_WORD = 0x61;
  private static final int MOVE = 0xbc;
  private static final int MOVE_IMMEDIATE = 0xb4;
  private static final int AND_IMMEDIATE = 0x54;
  private static final int SHIFT_RIGHT_IMMEDIATE = 0x74;
  private static final int JUMP_UNLESS_EQUAL = 0x56;
  private static final int EXIT = 0x95;

  private static final int CONTEXT = 1;
  private static final int KIND = 2;
  private static final int WANTED = 3;
  private static final int MAJOR = 4;
  private static final int MINOR = 5;
  private static final int SCRATCH = 6;
  private static final int RESULT = 0;

  /** BPF_DEVCG_DEV_BLOCK and BPF_DEVCG_DEV_CHAR. */
  private static final int BLOCK = 1;

  private static final int CHARACTER = 2;

  /** In bytes. */
  private static final int INSTRUCTION = 8;

  private final List<Long> code = new ArrayList<>();

  private DeviceProgram() {}

  /** The program, struct bpf_insn after struct bpf_insn. */
  public static byte[] of(List<DeviceRule> allowed) {
    DeviceProgram program = new DeviceProgram();
    program.add(LOAD_WORD, KIND, CONTEXT, 0, 0);
    program.add(MOVE, WANTED, KIND, 0, 0);
    program.add(SHIFT_RIGHT_IMMEDIATE, WANTED, 0, 0, 16);
    program.add(AND_IMMEDIATE, KIND, 0, 0, 0xffff);
    program.add(LOAD_WORD, MAJOR, CONTEXT, 4, 0);
    program.add(LOAD_WORD, MINOR, CONTEXT, 8, 0);
    allowed.forEach(program::add);
    program.add(MOVE_IMMEDIATE, RESULT, 0, 0, 0);
    program.add(EXIT, 0, 0, 0, 0);
    ByteBuffer bytes =
        ByteBuffer.allocate(INSTRUCTION * program.code.size()).order(ByteOrder.LITTLE_ENDIAN);
    program.code.forEach(bytes::putLong);
    return bytes.array();
  }

  private void add(DeviceRule rule) {
    int numbers = (rule.major().isPresent() ? 1 : 0) + (rule.minor().isPresent() ? 1 : 0);
    // From the instruction after the first jump to the one after this rule's.
    int ahead = 5 + numbers;
    add(JUMP_UNLESS_EQUAL, KIND, 0, ahead, rule.block() ? BLOCK : CHARACTER);
    add(MOVE, SCRATCH, WANTED, 0, 0);
    add(AND_IMMEDIATE, SCRATCH, 0, 0, ~access(rule));
    add(JUMP_UNLESS_EQUAL, SCRATCH, 0, ahead - 3, 0);
    int left = jumpUnless(MAJOR, rule.major(), ahead - 4);
    jumpUnless(MINOR, rule.minor(), left);
    add(MOVE_IMMEDIATE, RESULT, 0, 0, 1);
    add(EXIT, 0, 0, 0, 0);
  }

  private int jumpUnless(int register, OptionalInt number, int ahead) {
    if (number.isEmpty()) {
      return ahead;
    }
    add(JUMP_UNLESS_EQUAL, register, 0, ahead, number.getAsInt());
    return ahead - 1;
  }

  /** BPF_DEVCG_ACC_MKNOD, _READ, _WRITE. */
  private static int access(DeviceRule rule) {
    return (rule.mknod() ? 1 : 0) | (rule.read() ? 2 : 0) | (rule.write() ? 4 : 0);
  }

  private void add(int opcode, int destination, int source, int offset, int immediate) {
    code.add(
        opcode
            | (long) destination << 8
            | (long) source << 12
            | (long) (offset & 0xffff) << 16
            | (long) immediate << 32);
  }
}
