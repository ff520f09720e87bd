package dev.terrarium.engine.file;

/**
 * What statx(2) says of one file, without following a symbolic link.
 *
 * @param mode type and permission bits, st_mode
 * @param size in bytes
 * @param blocks of 512 bytes that it occupies
 * @param inode with device, its identity
 * @param device {@code major << 32 | minor} of the file system
 * @param special {@code major << 32 | minor} of the device that a device node stands for
 * @param modified seconds since 1970
 * @param modifiedNanos and the rest
 */
public record Stat(
    int mode,
    long uid,
    long gid,
    long size,
    long blocks,
    long inode,
    long device,
    long special,
    long links,
    long modified,
    int modifiedNanos) {

  public static final int FILE = 0100000;
  public static final int FOLDER = 0040000;
  public static final int SYMLINK = 0120000;
  public static final int CHARACTER = 0020000;
  public static final int BLOCK = 0060000;
  public static final int FIFO = 0010000;
  public static final int SOCKET = 0140000;
  private static final int TYPE = 0170000;

  /** One of the constants above. */
  public int type() {
    return mode & TYPE;
  }

  /** The permission bits with setuid, setgid and sticky. */
  public int permissions() {
    return mode & 07777;
  }

  public boolean isFolder() {
    return type() == FOLDER;
  }

  public boolean isFile() {
    return type() == FILE;
  }

  public boolean isSymlink() {
    return type() == SYMLINK;
  }

  /**
   * A character device 0:0, by which overlayfs hides what is below. Source: kernel document
   * filesystems/overlayfs.
   */
  public boolean isWhiteout() {
    return type() == CHARACTER && special == 0;
  }
}
