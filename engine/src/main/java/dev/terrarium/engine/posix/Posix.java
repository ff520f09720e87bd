package dev.terrarium.engine.posix;

import dev.terrarium.engine.syscall.Errno;
import java.io.IOException;
import java.util.function.IntSupplier;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Pointer;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;
import jnr.posix.POSIX;
import jnr.posix.POSIXFactory;

/**
 * The POSIX calls that the JVM makes itself and not through a stub. The first one loads jnr-posix,
 * which takes some hundred milliseconds: keep them off the way of quick commands and off the JavaFX
 * thread.
 */
public final class Posix {
  private static final int O_CLOEXEC = 0x80000;
  private static final int F_DUPFD_CLOEXEC = 1030;
  private static final int PR_SET_DUMPABLE = 4;
  private static final int EINTR = 4;
  private static final int ESRCH = 3;
  private static final int TCSADRAIN = 1;
  private static final long TIOCGWINSZ = 0x5413;

  /** The same number on every architecture, as all calls of the 400s. */
  private static final long PIDFD_SEND_SIGNAL = 424;

  private static final long PIDFD_OPEN = 434;

  private Posix() {}

  private static final class Native {
    static final POSIX LIBRARY = POSIXFactory.getNativePOSIX();
  }

  /** What jnr-posix lacks. */
  public interface Linux {
    int pipe2(@Out int[] descriptors, int flags);

    int fcntl(int descriptor, int command, int argument);

    int prctl(int option, long second, long third, long fourth, long fifth);

    int tcgetattr(int descriptor, @Out byte[] termios);

    int tcsetattr(int descriptor, int when, @In byte[] termios);

    void cfmakeraw(@In @Out byte[] termios);

    int ioctl(int descriptor, long request, @Out short[] result);

    long syscall(long number, long first, long second, long third, long fourth);

    int ioctl(int descriptor, long request, Pointer argument);

    int ioctl(int descriptor, long request, long argument);

    int poll(Pointer descriptors, long count, int timeoutMillis);

    long recvmsg(int socket, Pointer message, int flags);
  }

  static final class Lacking {
    static final Linux LIBRARY = LibraryLoader.create(Linux.class).load("c");
  }

  /** The two ends of a pipe: descriptors of this process that no child inherits. */
  public record Pipe(int readEnd, int writeEnd) {}

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

  /** pipe2(2) with O_CLOEXEC. */
  public static Pipe pipe() throws IOException {
    int[] ends = new int[2];
    check(Lacking.LIBRARY.pipe2(ends, O_CLOEXEC), "pipe2(O_CLOEXEC)");
    return new Pipe(ends[0], ends[1]);
  }

  /** fcntl(2), F_DUPFD_CLOEXEC: a second descriptor of the same file, that no child inherits. */
  public static int duplicate(int descriptor) throws IOException {
    return check(
        Lacking.LIBRARY.fcntl(descriptor, F_DUPFD_CLOEXEC, 3),
        "fcntl(%d, F_DUPFD_CLOEXEC)".formatted(descriptor));
  }

  /** dup2(2): from now on the second number means what the first one does. */
  public static void redirect(int descriptor, int becomes) throws IOException {
    check(Native.LIBRARY.dup2(descriptor, becomes), "dup2(%d, %d)".formatted(descriptor, becomes));
  }

  /** open(2) for reading, and dup2(2): from now on the number means that file. */
  public static void redirect(String path, int becomes) throws IOException {
    int descriptor = check(Native.LIBRARY.open(path, O_CLOEXEC, 0), "open(\"" + path + "\")");
    redirect(descriptor, becomes);
    close(descriptor);
  }

  /** close(2). */
  public static void close(int descriptor) throws IOException {
    check(Native.LIBRARY.close(descriptor), "close(%d)".formatted(descriptor));
  }

  /**
   * Keeps other processes of the same user from tracing this one and from opening what it has open
   * through {@code /proc}: PR_SET_DUMPABLE. Source: prctl(2), ptrace(2), "Ptrace access mode
   * checking".
   */
  public static void forbidTracing() throws IOException {
    check(Lacking.LIBRARY.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0), "prctl(PR_SET_DUMPABLE, 0)");
  }

  /** tcgetattr(3). */
  static void terminalAttributes(int descriptor, byte[] termios) throws IOException {
    check(Lacking.LIBRARY.tcgetattr(descriptor, termios), "tcgetattr(%d)".formatted(descriptor));
  }

  /** tcsetattr(3), after what was printed has been passed on. */
  static void setTerminalAttributes(int descriptor, byte[] termios) throws IOException {
    check(
        Lacking.LIBRARY.tcsetattr(descriptor, TCSADRAIN, termios),
        "tcsetattr(%d, TCSADRAIN)".formatted(descriptor));
  }

  /** cfmakeraw(3). */
  static void makeRaw(byte[] termios) {
    Lacking.LIBRARY.cfmakeraw(termios);
  }

  /** ioctl(2), TIOCGWINSZ: rows and columns. */
  static short[] windowSize(int descriptor) throws IOException {
    short[] size = new short[4];
    check(
        Lacking.LIBRARY.ioctl(descriptor, TIOCGWINSZ, size),
        "ioctl(%d, TIOCGWINSZ)".formatted(descriptor));
    return size;
  }

  /** pidfd_open(2); -1 if there is no such process. */
  static int pidfdOpen(int pid) throws IOException {
    int descriptor = (int) Lacking.LIBRARY.syscall(PIDFD_OPEN, pid, 0, 0, 0);
    return descriptor < 0 && Native.LIBRARY.errno() == ESRCH
        ? -1
        : check(descriptor, "pidfd_open(%d)".formatted(pid));
  }

  /** pidfd_send_signal(2); false if the process has ended. */
  static boolean pidfdSendSignal(int descriptor, int signal) throws IOException {
    int result = (int) Lacking.LIBRARY.syscall(PIDFD_SEND_SIGNAL, descriptor, signal, 0, 0);
    if (result < 0 && Native.LIBRARY.errno() == ESRCH) {
      return false;
    }
    check(result, "pidfd_send_signal(%d, %d)".formatted(descriptor, signal));
    return true;
  }

  /** read(2), again if a signal interrupts it; 0 at the end. */
  static int read(int descriptor, byte[] target) throws IOException {
    return again(() -> Native.LIBRARY.read(descriptor, target, target.length), "read", descriptor);
  }

  /** write(2), again if a signal interrupts it; returns how much was written. */
  static int write(int descriptor, byte[] source) throws IOException {
    return again(
        () -> Native.LIBRARY.write(descriptor, source, source.length), "write", descriptor);
  }

  private static int again(IntSupplier call, String name, int descriptor) throws IOException {
    while (true) {
      int result = call.getAsInt();
      if (result >= 0 || Native.LIBRARY.errno() != EINTR) {
        return check(result, "%s(%d)".formatted(name, descriptor));
      }
    }
  }

  /** Why the last call of this thread failed. */
  static Errno errno() {
    return Errno.of(Native.LIBRARY.errno());
  }

  static int check(int result, String call) throws IOException {
    if (result < 0) {
      Errno errno = errno();
      throw new IOException("%s failed: %s, %s".formatted(call, errno.name(), errno.meaning()));
    }
    return result;
  }
}
