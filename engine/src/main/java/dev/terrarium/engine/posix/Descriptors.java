package dev.terrarium.engine.posix;

import java.io.IOException;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/**
 * Descriptors of files that another process has open and that have no path. Both architectures
 * number the calls alike.
 */
public final class Descriptors {
  private static final int SYS_PIDFD_GETFD = 438;

  private static final int MSG_DONTWAIT = 0x40;
  private static final int MSG_CMSG_CLOEXEC = 0x4000_0000;
  private static final int SOL_SOCKET = 1;
  private static final int SCM_RIGHTS = 1;

  /** struct msghdr, then its struct iovec, a byte of text, and a struct cmsghdr with an int. */
  private static final int VECTOR_AT = 56;

  private static final int TEXT_AT = 72;
  private static final int CONTROL_AT = 80;
  private static final int CONTROL_LENGTH = 24;
  private static final int DATA_AT = CONTROL_AT + 16;

  private Descriptors() {}

  /** pidfd_open(2); close it with {@link Posix#close}. */
  public static int ofProcess(int pid) throws IOException {
    int descriptor = Posix.pidfdOpen(pid);
    if (descriptor < 0) {
      throw new IOException("pidfd_open(" + pid + ") failed: there is no such process");
    }
    return descriptor;
  }

  /**
   * pidfd_getfd(2): a descriptor of what that process has open under that number. Needs the right
   * to trace it: ptrace(2), "Ptrace access mode checking".
   */
  public static int take(int pidfd, int theirs) throws IOException {
    return Posix.check(
        (int) Posix.Lacking.LIBRARY.syscall(SYS_PIDFD_GETFD, pidfd, theirs, 0, 0),
        "pidfd_getfd(%d, %d)".formatted(pidfd, theirs));
  }

  /**
   * recvmsg(2): the descriptor that somebody has sent already, by SCM_RIGHTS; no child inherits it.
   *
   * @throws IOException if none has come
   */
  public static int receive(int socket) throws IOException {
    Pointer message =
        Memory.allocateDirect(
            Runtime.getRuntime(Posix.Lacking.LIBRARY), CONTROL_AT + CONTROL_LENGTH, true);
    message.putAddress(16, message.address() + VECTOR_AT);
    message.putLong(24, 1);
    message.putAddress(32, message.address() + CONTROL_AT);
    message.putLong(40, CONTROL_LENGTH);
    message.putAddress(VECTOR_AT, message.address() + TEXT_AT);
    message.putLong(VECTOR_AT + 8, 1);
    long received = Posix.Lacking.LIBRARY.recvmsg(socket, message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    Posix.check((int) received, "recvmsg(" + socket + ")");
    boolean rights =
        received == 1
            && message.getLong(40) >= CONTROL_LENGTH - 4
            && message.getInt(CONTROL_AT + 8) == SOL_SOCKET
            && message.getInt(CONTROL_AT + 12) == SCM_RIGHTS;
    if (!rights) {
      throw new IOException("recvmsg(" + socket + ") brought no descriptor");
    }
    return message.getInt(DATA_AT);
  }
}
