package dev.terrarium.engine.syscall;

import java.util.List;
import java.util.Locale;

/**
 * What an argument of a system call means, for calls that others make: from its register alone, or
 * from what it points to in the caller's memory.
 */
public enum Parameter {
  /** A file descriptor. */
  FD,
  /** A descriptor of the folder at which the next path begins, or AT_FDCWD. */
  DIRFD,
  /** A pointer to a path. */
  PATH,
  /** A pointer to a string that is no path, such as a type of file system. */
  TEXT,
  /** A pointer to characters, as many as the next argument says. */
  CHARACTERS,
  /** A pointer to argv. */
  ARGV,
  /** A pointer to envp, which is only counted. */
  ENVP,
  /** A pointer to a struct open_how: openat2(2). */
  OPEN_HOW,
  /** A pointer to a struct clone_args: clone3(2). */
  CLONE_ARGS,
  /** A pointer to something of no interest. */
  POINTER,
  NUMBER,
  /** Permission bits, and for mknod(2) the type of file. */
  MODE,
  /** Permission bits that count only if open(2) is to make a file. */
  OPEN_MODE,
  /** A user or a group; -1 leaves it as it is. */
  OWNER,
  SIGNAL,
  OPEN_FLAGS,
  AT_FLAGS,
  /** AT_REMOVEDIR has the bit that means something else to other calls. */
  UNLINK_FLAGS,
  RENAME_FLAGS,
  MOUNT_FLAGS,
  UMOUNT_FLAGS,
  MOVE_MOUNT_FLAGS,
  OPEN_TREE_FLAGS,
  CLONE_FLAGS;

  /** What O_CREAT is on both architectures. */
  public static final long O_CREAT = 0x40;

  /** O_WRONLY, O_RDWR, O_CREAT and O_TRUNC: who opens so may change something. */
  public static final long O_CHANGES = 0x243;

  /** CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET. */
  public static final long CLONE_NAMESPACES = 0x7e02_0000L;

  /** CLONE_NEWTIME, which clone3(2) has and clone(2) has not. */
  public static final long CLONE_NEWTIME = 0x80;

  /** Reads the word of a table: {@code open_flags}. */
  public static Parameter named(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }

  /** What such a register says by itself; a pointer is an address. */
  public Arg shown(long register) {
    // The kernel takes all but pointers and lengths as 32 bits wide.
    int low = (int) register;
    long word = Integer.toUnsignedLong(low);
    return switch (this) {
      case PATH, TEXT, CHARACTERS, ARGV, ENVP, OPEN_HOW, CLONE_ARGS, POINTER -> address(register);
      case FD, OWNER -> new Arg.Int(low);
      case NUMBER -> new Arg.Int(register);
      case DIRFD -> FileCalls.descriptor(low).shown();
      case MODE, OPEN_MODE -> FileCalls.mode(low).shown();
      case SIGNAL -> new Arg.Flags(low, List.of(Signals.name(low)));
      case OPEN_FLAGS -> Bits.OPEN.of(word).shown();
      case AT_FLAGS -> Bits.AT.of(word).shown();
      case UNLINK_FLAGS -> Bits.UNLINK.of(word).shown();
      case RENAME_FLAGS -> Bits.RENAME.of(word).shown();
      case MOUNT_FLAGS -> Bits.MOUNT.of(word).shown();
      case UMOUNT_FLAGS -> Bits.UMOUNT.of(word).shown();
      case MOVE_MOUNT_FLAGS -> Bits.MOVE_MOUNT.of(word).shown();
      case OPEN_TREE_FLAGS -> Bits.OPEN_TREE.of(word).shown();
      case CLONE_FLAGS -> Bits.CLONE.of(word).shown();
    };
  }

  private static Arg address(long pointer) {
    return pointer == 0 ? new Arg.Null() : new Arg.Struct("0x" + Long.toHexString(pointer));
  }
}
