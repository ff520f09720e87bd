package dev.terrarium.engine.syscall;

import java.util.List;

/**
 * The calls by which a program comes to run from memory that nobody can change any more. Source:
 * memfd_create(2), F_ADD_SEALS(2const), execveat(2).
 */
public final class SealCalls {
  private static final long MFD_CLOEXEC = 1;
  private static final long MFD_ALLOW_SEALING = 2;

  /** Linux 6.3 and newer ask for it; older ones do not know it. */
  private static final long MFD_EXEC = 0x10;

  private static final long F_ADD_SEALS = 1033;
  private static final long AT_EMPTY_PATH = 0x1000;

  private SealCalls() {}

  /**
   * A file in memory that has no name anywhere.
   *
   * @param executable whether to say so, which the kernel may ask for or not know
   */
  public static Call memfdCreate(String name, boolean executable) {
    long flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
    return Calls.of(
        Syscall.MEMFD_CREATE,
        new Operand.Text(name),
        executable
            ? Operand.flags(
                flags | MFD_EXEC, List.of("MFD_CLOEXEC", "MFD_ALLOW_SEALING", "MFD_EXEC"))
            : Operand.flags(flags, List.of("MFD_CLOEXEC", "MFD_ALLOW_SEALING")));
  }

  public static Call write(int fd, Bytes content, String shown) {
    return Calls.of(
        Syscall.WRITE,
        Operand.number(fd),
        new Operand.Memory(content, new Arg.Struct(shown)),
        Operand.number(content.length()));
  }

  /** Nobody writes to it, changes its length, or takes a seal away. */
  public static Call seal(int fd) {
    return Calls.of(
        Syscall.FCNTL,
        Operand.number(fd),
        Operand.flags(F_ADD_SEALS, List.of("F_ADD_SEALS")),
        Operand.flags(0xf, List.of("F_SEAL_SEAL", "F_SEAL_SHRINK", "F_SEAL_GROW", "F_SEAL_WRITE")));
  }

  /** The caller becomes the program in that file. */
  public static Call execveat(int fd, List<String> argv) {
    return Calls.of(
        Syscall.EXECVEAT,
        Operand.number(fd),
        new Operand.Text(""),
        new Operand.Words(argv),
        new Operand.Words(List.of()),
        Operand.flags(AT_EMPTY_PATH, List.of("AT_EMPTY_PATH")));
  }
}
