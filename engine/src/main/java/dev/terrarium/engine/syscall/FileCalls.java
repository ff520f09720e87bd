package dev.terrarium.engine.syscall;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Constructors for the calls that find, make and ask about files, with the C prototype's argument
 * names. Source: section 2 of the manual.
 */
public final class FileCalls {
  /** Stands for a descriptor: relative paths begin where the caller is. */
  public static final int AT_FDCWD = -100;

  private FileCalls() {}

  public static Call mkdirat(int dirfd, String pathname, int mode) {
    return of(Syscall.MKDIRAT, descriptor(dirfd), new Operand.Text(pathname), mode(mode));
  }

  public static Call write(int fd, String text) {
    return of(
        Syscall.WRITE,
        Operand.number(fd),
        new Operand.Text(text),
        Operand.number(text.getBytes(StandardCharsets.UTF_8).length));
  }

  static Operand descriptor(int fd) {
    return fd == AT_FDCWD ? Operand.flags(fd, List.of("AT_FDCWD")) : Operand.number(fd);
  }

  private static Operand mode(int mode) {
    return new Operand.Register(mode, new Arg.Struct("0%o".formatted(mode)));
  }

  private static Call of(Syscall syscall, Operand... operands) {
    return new Call(syscall, List.of(operands));
  }
}
