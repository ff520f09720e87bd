package dev.terrarium.engine.syscall;

import java.util.List;

/**
 * Constructors for the calls that change a process's own namespaces and its root, with the C
 * prototype's argument names. Source: section 2 of the manual.
 */
public final class NamespaceCalls {
  private static final long NS_GET_USERNS = 0xb701;
  private static final long NS_GET_PARENT = 0xb702;
  private static final long NS_GET_OWNER_UID = 0xb704;

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

  /** A descriptor of the user namespace that owns the namespace. Source: ioctl_nsfs(2). */
  public static Call ioctlNsGetUserns(int fd) {
    return ioctl(fd, NS_GET_USERNS, "NS_GET_USERNS", Operand.number(0));
  }

  /** A descriptor of the namespace around a pid or user namespace. Source: ioctl_nsfs(2). */
  public static Call ioctlNsGetParent(int fd) {
    return ioctl(fd, NS_GET_PARENT, "NS_GET_PARENT", Operand.number(0));
  }

  /** Who made a user namespace; the number comes back in the reply's memory. */
  public static Call ioctlNsGetOwnerUid(int fd) {
    return ioctl(
        fd,
        NS_GET_OWNER_UID,
        "NS_GET_OWNER_UID",
        new Operand.Memory(Bytes.zeros(4), new Arg.Struct("&uid")));
  }

  private static Call ioctl(int fd, long request, String name, Operand argument) {
    return new Call(
        Syscall.IOCTL,
        List.of(Operand.number(fd), Operand.flags(request, List.of(name)), argument));
  }
}
