package dev.terrarium.engine.syscall;

import java.util.List;

/** What is asked of the kernel's virtual machine. Source: bpf(2), linux/bpf.h. */
public final class BpfCalls {
  private static final long BPF_PROG_LOAD = 5;
  private static final long BPF_PROG_ATTACH = 8;
  private static final long BPF_PROG_TYPE_CGROUP_DEVICE = 15;
  private static final long BPF_CGROUP_DEVICE = 6;

  /** Those of the cgroups above are asked as well. */
  private static final long BPF_F_ALLOW_MULTI = 2;

  private BpfCalls() {}

  /**
   * Has the kernel check a program that judges the use of devices; the result is a descriptor.
   *
   * @param program struct bpf_insn after struct bpf_insn
   */
  public static Call loadDeviceProgram(Bytes program) {
    int instructions = program.length() / 8;
    Operand attributes =
        new Operand.Structure(
            List.of(
                Operand.number(BPF_PROG_TYPE_CGROUP_DEVICE | (long) instructions << 32),
                new Operand.Memory(program, new Arg.Struct("program")),
                new Operand.Text("Apache-2.0"),
                Operand.number(0),
                Operand.number(0),
                Operand.number(0),
                Operand.number(0),
                Operand.number(0),
                Operand.number(BPF_CGROUP_DEVICE << 32)),
            new Arg.Struct(
                "{prog_type=BPF_PROG_TYPE_CGROUP_DEVICE, insn_cnt=%d, insns=program}"
                    .formatted(instructions)));
    return bpf(BPF_PROG_LOAD, "BPF_PROG_LOAD", attributes, 72);
  }

  /** From now on that program judges for that cgroup, given by a descriptor of its folder. */
  public static Call attachDeviceProgram(int cgroup, int program) {
    Operand attributes =
        new Operand.Structure(
            List.of(
                Operand.number(Integer.toUnsignedLong(cgroup) | (long) program << 32),
                Operand.number(BPF_CGROUP_DEVICE | BPF_F_ALLOW_MULTI << 32)),
            new Arg.Struct(
                ("{target_fd=%d, attach_bpf_fd=%d, attach_type=BPF_CGROUP_DEVICE,"
                        + " attach_flags=BPF_F_ALLOW_MULTI}")
                    .formatted(cgroup, program)));
    return bpf(BPF_PROG_ATTACH, "BPF_PROG_ATTACH", attributes, 16);
  }

  private static Call bpf(long command, String name, Operand attributes, int size) {
    return Calls.of(
        Syscall.BPF, Operand.flags(command, List.of(name)), attributes, Operand.number(size));
  }
}
