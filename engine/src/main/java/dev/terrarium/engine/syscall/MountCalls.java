package dev.terrarium.engine.syscall;

import java.util.List;

/**
 * Constructors for the calls that handle mounts by descriptor, with the C prototype's argument
 * names. Source: section 2 of the manual.
 */
public final class MountCalls {
  public static final long MS_SLAVE = 1 << 19;

  /** The whole tree of mounts, not the topmost alone. */
  public static final long AT_RECURSIVE = 0x8000;

  /** A copy that is mounted nowhere yet. Source: open_tree(2). */
  public static final long OPEN_TREE_CLONE = 1;

  public static final long MOVE_MOUNT_F_EMPTY_PATH = 0x4;
  public static final long MOVE_MOUNT_T_EMPTY_PATH = 0x40;

  public static final long MOUNT_ATTR_RDONLY = 0x1;
  public static final long MOUNT_ATTR_NOSUID = 0x2;
  public static final long MOUNT_ATTR_NODEV = 0x4;
  public static final long MOUNT_ATTR_NOEXEC = 0x8;

  private static final long FSOPEN_CLOEXEC = 1;
  private static final long FSCONFIG_CMD_CREATE = 6;

  private MountCalls() {}

  /** The descriptor is gone at exec. */
  public static Call openTree(String pathname, long flags) {
    return of(
        Syscall.OPEN_TREE,
        FileCalls.descriptor(FileCalls.AT_FDCWD),
        new Operand.Text(pathname),
        Bits.OPEN_TREE.of(flags | Calls.O_CLOEXEC));
  }

  /** From where one descriptor points to where the other one does. */
  public static Call moveMount(int fromDirfd, int toDirfd) {
    return of(
        Syscall.MOVE_MOUNT,
        Operand.number(fromDirfd),
        new Operand.Text(""),
        Operand.number(toDirfd),
        new Operand.Text(""),
        Bits.MOVE_MOUNT.of(MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH));
  }

  /** Sets those attributes and leaves all others, even locked ones, as they are. */
  public static Call mountSetattr(int dirfd, String pathname, long flags, long attributes) {
    Bytes attr = Bytes.ofLongs(attributes, 0, 0, 0);
    String shown = "{attr_set=%s}".formatted(Bits.MOUNT_ATTR.of(attributes).shown().text());
    return of(
        Syscall.MOUNT_SETATTR,
        FileCalls.descriptor(dirfd),
        new Operand.Text(pathname),
        Bits.AT.of(flags),
        new Operand.Memory(attr, new Arg.Struct(shown)),
        Operand.number(attr.length()));
  }

  private static Call of(Syscall syscall, Operand... operands) {
    return new Call(syscall, List.of(operands));
  }

  /** A file system that is to be configured, without a place in any tree yet. Source: fsopen(2). */
  public static Call fsopen(String fsname) {
    return of(
        Syscall.FSOPEN,
        new Operand.Text(fsname),
        Operand.flags(FSOPEN_CLOEXEC, List.of("FSOPEN_CLOEXEC")));
  }

  /** Has the kernel make it. Source: fsconfig(2). */
  public static Call fsconfigCreate(int fd) {
    return of(
        Syscall.FSCONFIG,
        Operand.number(fd),
        Operand.flags(FSCONFIG_CMD_CREATE, List.of("FSCONFIG_CMD_CREATE")),
        Operand.nil(),
        Operand.nil(),
        Operand.number(0));
  }

  /** A descriptor of its root, which nobody else finds. Source: fsmount(2). */
  public static Call fsmount(int fd, long attributes) {
    return of(
        Syscall.FSMOUNT,
        Operand.number(fd),
        Operand.flags(FSOPEN_CLOEXEC, List.of("FSMOUNT_CLOEXEC")),
        Bits.MOUNT_ATTR.of(attributes));
  }
}
