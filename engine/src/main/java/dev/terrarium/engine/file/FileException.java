package dev.terrarium.engine.file;

import dev.terrarium.engine.syscall.Errno;
import java.io.IOException;

/** A file call that the kernel refused: which one, for which file, and why. */
public final class FileException extends IOException {
  private static final long serialVersionUID = 1L;

  private final int errno;

  FileException(String call, String path, int errno) {
    super(call + " " + path + ": " + Errno.of(errno).name());
    this.errno = errno;
  }

  /** The kernel's number, positive. */
  public int errno() {
    return errno;
  }
}
