package dev.terrarium.engine.posix;

import dev.terrarium.engine.syscall.Errno;
import jnr.posix.POSIX;
import jnr.posix.POSIXFactory;

/**
 * The POSIX calls that the JVM makes itself and not through a stub. The first one loads jnr-posix,
 * which takes some hundred milliseconds: keep them off the way of quick commands and off the JavaFX
 * thread.
 */
public final class Posix {
  private Posix() {}

  private static final class Native {
    static final POSIX LIBRARY = POSIXFactory.getNativePOSIX();
  }

  /** Whether the C library is really called, and not a substitute written in Java. */
  public static boolean isNative() {
    return Native.LIBRARY.isNative();
  }

  /** getpid(2). */
  public static int getpid() {
    return Native.LIBRARY.getpid();
  }

  /** geteuid(2): 0 for root. */
  public static int geteuid() {
    return Native.LIBRARY.geteuid();
  }

  /** isatty(3) for one of the standard descriptors. */
  public static boolean isatty(int descriptor) {
    return Native.LIBRARY.libc().isatty(descriptor) == 1;
  }

  /**
   * kill(2).
   *
   * @return whether the signal was sent; false if the process is gone already
   * @throws IllegalStateException if the kernel refuses it for another reason
   */
  public static boolean kill(int pid, int signal) {
    if (Native.LIBRARY.kill(pid, signal) == 0) {
      return true;
    }
    Errno errno = Errno.of(Native.LIBRARY.errno());
    if (errno.name().equals("ESRCH")) {
      return false;
    }
    throw new IllegalStateException(
        "kill(%d, %d) failed: %s, %s".formatted(pid, signal, errno.name(), errno.meaning()));
  }
}
