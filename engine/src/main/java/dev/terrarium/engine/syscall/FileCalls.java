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

  /** With an empty path: the descriptor itself is meant. */
  public static final long AT_EMPTY_PATH = 0x1000;

  private static final long AT_SYMLINK_NOFOLLOW = 0x100;

  /** A descriptor that only says where something is. Source: open(2). */
  public static final long O_PATH = 0x20_0000;

  /**
   * The descriptor given is the root of this lookup: neither a link nor {@code ..} leads out of it.
   * Source: openat2(2).
   */
  public static final long RESOLVE_IN_ROOT = 0x10;

  /** A regular file, as a file's mode has it. Source: inode(7). */
  public static final int S_IFREG = 0100000;

  /** A character device. */
  public static final int S_IFCHR = 0020000;

  private static final long STATX_TYPE_AND_INODE = 0x1 | 0x100;

  private FileCalls() {}

  /** A descriptor by which a path is meant from then on, whoever moves the path; gone at exec. */
  public static Call openPath(String pathname) {
    return Calls.openat(pathname, O_PATH | Calls.O_CLOEXEC);
  }

  public static Call openat2(int dirfd, String pathname, long flags, long resolve) {
    String shown =
        "{flags=%s, resolve=%s}"
            .formatted(Bits.OPEN.of(flags).shown().text(), Bits.RESOLVE.of(resolve).shown().text());
    Bytes how = Bytes.ofLongs(flags, 0, resolve);
    return of(
        Syscall.OPENAT2,
        descriptor(dirfd),
        new Operand.Text(pathname),
        new Operand.Memory(how, new Arg.Struct(shown)),
        Operand.number(how.length()));
  }

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

  /** An empty regular file; needs no right, unlike a device. */
  public static Call mknodat(int dirfd, String pathname, int permissions) {
    return mknodat(dirfd, pathname, S_IFREG | permissions, 0, 0);
  }

  public static Call mknodat(int dirfd, String pathname, int mode, int major, int minor) {
    long device = (minor & 0xffL) | (long) major << 8 | (minor & ~0xffL) << 12;
    return of(
        Syscall.MKNODAT,
        descriptor(dirfd),
        new Operand.Text(pathname),
        mode(mode),
        new Operand.Register(
            device, new Arg.Struct(device == 0 ? "0" : "makedev(%d, %d)".formatted(major, minor))));
  }

  public static Call symlinkat(String target, int newdirfd, String linkpath) {
    return of(
        Syscall.SYMLINKAT,
        new Operand.Text(target),
        descriptor(newdirfd),
        new Operand.Text(linkpath));
  }

  /** The target comes back in the reply's memory, as many bytes long as the result says. */
  public static Call readlinkat(int dirfd, String pathname) {
    int longest = 4096;
    return of(
        Syscall.READLINKAT,
        descriptor(dirfd),
        new Operand.Text(pathname),
        new Operand.Memory(Bytes.zeros(longest), new Arg.Struct("&target")),
        Operand.number(longest));
  }

  /** Type, device and inode: {@link FileStatus#of} reads the outcome. */
  public static Call statx(int dirfd, String pathname) {
    return of(
        Syscall.STATX,
        descriptor(dirfd),
        new Operand.Text(pathname),
        Bits.AT.of(pathname.isEmpty() ? AT_EMPTY_PATH : 0),
        Operand.flags(STATX_TYPE_AND_INODE, List.of("STATX_TYPE", "STATX_INO")),
        new Operand.Memory(Bytes.zeros(FileStatus.SIZE), new Arg.Struct("&statxbuf")));
  }

  /** Gives a file, not what a link leads to, to that user and group. */
  public static Call fchownat(String pathname, int owner, int group) {
    return of(
        Syscall.FCHOWNAT,
        descriptor(AT_FDCWD),
        new Operand.Text(pathname),
        Operand.number(owner),
        Operand.number(group),
        Operand.flags(AT_SYMLINK_NOFOLLOW, List.of("AT_SYMLINK_NOFOLLOW")));
  }

  public static Call fchmodat(String pathname, int mode) {
    return of(Syscall.FCHMODAT, descriptor(AT_FDCWD), new Operand.Text(pathname), mode(mode));
  }

  /** What was read comes back in the reply's memory, as many bytes long as the result says. */
  public static Call read(int fd, int most) {
    return of(
        Syscall.READ,
        Operand.number(fd),
        new Operand.Memory(Bytes.zeros(most), new Arg.Struct("&buf")),
        Operand.number(most));
  }

  public static Call umask(int mask) {
    return of(Syscall.UMASK, new Operand.Register(mask, new Arg.Struct("0%03o".formatted(mask))));
  }

  static Operand descriptor(int fd) {
    return fd == AT_FDCWD ? Operand.flags(fd, List.of("AT_FDCWD")) : Operand.number(fd);
  }

  static Operand mode(int mode) {
    String type =
        switch (mode & 0170000) {
          case S_IFCHR -> "S_IFCHR|";
          case S_IFREG -> "S_IFREG|";
          case 0010000 -> "S_IFIFO|";
          case 0060000 -> "S_IFBLK|";
          case 0140000 -> "S_IFSOCK|";
          default -> "";
        };
    return new Operand.Register(mode, new Arg.Struct("%s0%o".formatted(type, mode & 07777)));
  }

  private static Call of(Syscall syscall, Operand... operands) {
    return new Call(syscall, List.of(operands));
  }
}
