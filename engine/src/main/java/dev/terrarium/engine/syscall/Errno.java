package dev.terrarium.engine.syscall;

/**
 * An error number of Linux by its symbolic name; the numbers are the same on x86-64 and aarch64.
 * Source: errno(3).
 */
public record Errno(int number, String name, String meaning) {

  private static final String[] TABLE = {
    "1 EPERM operation not permitted",
    "2 ENOENT no such file or directory",
    "3 ESRCH no such process",
    "4 EINTR interrupted by a signal",
    "5 EIO input/output error",
    "6 ENXIO no such device or address",
    "7 E2BIG argument list too long",
    "8 ENOEXEC not an executable of a known format",
    "9 EBADF bad file descriptor",
    "10 ECHILD no child processes",
    "11 EAGAIN resource temporarily unavailable",
    "12 ENOMEM out of memory",
    "13 EACCES permission denied",
    "14 EFAULT bad address",
    "15 ENOTBLK not a block device",
    "16 EBUSY device or resource busy",
    "17 EEXIST file exists",
    "18 EXDEV not on the same file system",
    "19 ENODEV no such device or file system type",
    "20 ENOTDIR not a directory",
    "21 EISDIR is a directory",
    "22 EINVAL invalid argument",
    "23 ENFILE too many open files in the system",
    "24 EMFILE too many open files in the process",
    "25 ENOTTY not a terminal",
    "26 ETXTBSY text file busy",
    "27 EFBIG file too large",
    "28 ENOSPC no space left, or a limit on namespaces or watches reached",
    "29 ESPIPE cannot seek",
    "30 EROFS read-only file system",
    "31 EMLINK too many links",
    "32 EPIPE broken pipe",
    "34 ERANGE result too large",
    "35 EDEADLK would deadlock",
    "36 ENAMETOOLONG file name too long",
    "38 ENOSYS not implemented by this kernel",
    "39 ENOTEMPTY directory not empty",
    "40 ELOOP too many symbolic links",
    "61 ENODATA no such attribute",
    "75 EOVERFLOW value too large, or an id without a mapping",
    "87 EUSERS too many nested namespaces",
    "93 EPROTONOSUPPORT protocol not supported",
    "95 EOPNOTSUPP operation not supported",
    "97 EAFNOSUPPORT address family not supported",
    "98 EADDRINUSE address in use",
    "99 EADDRNOTAVAIL no such address here",
    "100 ENETDOWN the interface is down",
    "101 ENETUNREACH no route to that network",
    "105 ENOBUFS no buffer space",
    "110 ETIMEDOUT timed out",
    "116 ESTALE stale file handle",
    "122 EDQUOT disk quota exceeded",
  };

  /**
   * The error of that name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Errno named(String name) {
    for (String line : TABLE) {
      String[] words = line.split(" ", 3);
      if (words[1].equals(name)) {
        return new Errno(Integer.parseInt(words[0]), name, words[2]);
      }
    }
    throw new IllegalArgumentException("no error is called " + name);
  }

  /** The error of that number; unknown ones are named by it. */
  public static Errno of(int number) {
    for (String line : TABLE) {
      String[] words = line.split(" ", 3);
      if (Integer.parseInt(words[0]) == number) {
        return new Errno(number, words[1], words[2]);
      }
    }
    return new Errno(number, "errno " + number, "error " + number);
  }
}
