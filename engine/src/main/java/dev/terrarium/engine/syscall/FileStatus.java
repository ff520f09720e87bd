package dev.terrarium.engine.syscall;

/**
 * What statx(2) says of a file.
 *
 * @param folder whether it is a directory
 */
public record FileStatus(Inode inode, boolean folder) {
  /** Of struct statx, in bytes. */
  static final int SIZE = 256;

  private static final int MODE_AT = 28;
  private static final int INODE_AT = 32;
  private static final int MAJOR_AT = 136;
  private static final int MINOR_AT = 140;

  /** Reads the struct statx that {@link FileCalls#statx} brought back. */
  public static FileStatus of(Outcome statx) {
    Bytes buffer = statx.memory().getFirst();
    boolean folder = (buffer.intAt(MODE_AT) & 0170000) == 0040000;
    return new FileStatus(
        new Inode(buffer.intAt(MAJOR_AT), buffer.intAt(MINOR_AT), buffer.longAt(INODE_AT)), folder);
  }
}
