package dev.terrarium.engine.syscall;

/**
 * What a path leads to in the end: a file's number, unique on its file system, and the file
 * system's device number. Source: inode(7).
 */
public record Inode(int major, int minor, long number) {

  /** Such as {@code 8:1 131074}. */
  @Override
  public String toString() {
    return major + ":" + minor + " " + number;
  }
}
