package dev.terrarium.engine.syscall;

import java.util.List;

/**
 * Constructors for the calls that change a process's own namespaces and its root, with the C
 * prototype's argument names. Source: section 2 of the manual.
 */
public final class NamespaceCalls {
  private NamespaceCalls() {}

  /** A descriptor of a namespace, or of the folder of a process, by which it is meant for good. */
  public static Call open(int dirfd, String pathname) {
    return new Call(
        Syscall.OPENAT,
        List.of(
            Operand.number(dirfd),
            new Operand.Text(pathname),
            Bits.OPEN.of(Calls.O_RDONLY | Calls.O_CLOEXEC),
            Operand.number(0)));
  }

  public static Call fchdir(int fd) {
    return new Call(Syscall.FCHDIR, List.of(Operand.number(fd)));
  }

  public static Call chroot(String path) {
    return new Call(Syscall.CHROOT, List.of(new Operand.Text(path)));
  }
}
