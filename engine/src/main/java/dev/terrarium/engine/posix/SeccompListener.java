package dev.terrarium.engine.posix;

import dev.terrarium.engine.syscall.Bytes;
import java.io.IOException;
import java.util.Optional;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/**
 * The other end of a filter that asks: whoever makes a call that it asks about waits until this
 * answers. When this is closed, or the process that has it ends, the kernel answers ENOSYS to
 * whoever waits and to whoever asks later.
 *
 * <p>One thread waits and receives; any thread may {@link #letGoOn answer} and {@link #wake}.
 * Closing is the waiting thread's business. Source: seccomp_unotify(2).
 */
public final class SeccompListener implements AutoCloseable {

  /** What became of waiting. */
  public enum Event {
    /** Somebody asks, or did. */
    ASKED,
    /** No process is left that the filter is for. */
    NOBODY_LEFT,
    /** {@link #wake} was called. */
    WOKEN
  }

  // SECCOMP_IOCTL_NOTIF_RECV, _SEND, _SET_FLAGS.
  private static final long RECEIVE = 0xc050_2100L;
  private static final long SEND = 0xc018_2101L;
  private static final long SET_FLAGS = 0x4008_2104L;

  private static final int NOTIFICATION = 80;
  private static final int RESPONSE = 24;
  private static final int FLAG_CONTINUE = 1;
  private static final int FD_SYNC_WAKE_UP = 1;
  private static final short POLLIN = 1;

  private final int descriptor;
  private final Posix.Pipe alarm;
  private final Pointer polled = allocate(16);
  private final Pointer notification = allocate(NOTIFICATION);
  private final Pointer response = allocate(RESPONSE);
  private boolean closed;

  /** Takes the descriptor over. */
  public SeccompListener(int descriptor) throws IOException {
    this.descriptor = descriptor;
    this.alarm = Posix.pipe();
    polled.putInt(0, descriptor);
    polled.putShort(4, POLLIN);
    polled.putInt(8, alarm.readEnd());
    polled.putShort(12, POLLIN);
    // The caller and its listener take turns, so they may as well share a processor. Linux 6.6; it
    // works without.
    int ignored = Posix.Lacking.LIBRARY.ioctl(descriptor, SET_FLAGS, FD_SYNC_WAKE_UP);
  }

  private static Pointer allocate(int size) {
    return Memory.allocateDirect(Runtime.getRuntime(Posix.Lacking.LIBRARY), size, true);
  }

  /** Waits, for good if need be. */
  public Event await() throws IOException {
    while (true) {
      int ready = Posix.Lacking.LIBRARY.poll(polled, 2, -1);
      if (ready < 0) {
        if (!Posix.errno().name().equals("EINTR")) {
          Posix.check(ready, "poll(" + descriptor + ")");
        }
      } else if (polled.getShort(14) != 0) {
        return Event.WOKEN;
      } else {
        return (polled.getShort(6) & POLLIN) != 0 ? Event.ASKED : Event.NOBODY_LEFT;
      }
    }
  }

  /**
   * Who asks about which call: a struct seccomp_notif. Empty if the caller was killed, or a signal
   * has called it away, before it was received.
   */
  public Optional<Bytes> receive() throws IOException {
    byte[] bytes = new byte[NOTIFICATION];
    // The kernel refuses a buffer that is not empty.
    notification.put(0, bytes, 0, NOTIFICATION);
    int result = Posix.Lacking.LIBRARY.ioctl(descriptor, RECEIVE, notification);
    if (result < 0) {
      String errno = Posix.errno().name();
      if (errno.equals("ENOENT") || errno.equals("EINTR")) {
        return Optional.empty();
      }
      Posix.check(result, "ioctl(%d, SECCOMP_IOCTL_NOTIF_RECV)".formatted(descriptor));
    }
    notification.get(0, bytes, 0, NOTIFICATION);
    return Optional.of(Bytes.of(bytes));
  }

  /**
   * Lets the call with that id go on as if nobody had asked.
   *
   * @return whether its caller had waited until now: what was read meanwhile under its process id
   *     was its own, since a process that waits cannot have ended and left its number to another.
   *     That is what SECCOMP_IOCTL_NOTIF_ID_VALID would tell, without a second question
   */
  public synchronized boolean letGoOn(long id) throws IOException {
    if (closed) {
      return false;
    }
    response.putLong(0, id);
    response.putLong(8, 0);
    response.putInt(16, 0);
    response.putInt(20, FLAG_CONTINUE);
    int result = Posix.Lacking.LIBRARY.ioctl(descriptor, SEND, response);
    if (result < 0) {
      String errno = Posix.errno().name();
      if (errno.equals("ENOENT") || errno.equals("EINPROGRESS")) {
        return false;
      }
      Posix.check(result, "ioctl(%d, SECCOMP_IOCTL_NOTIF_SEND)".formatted(descriptor));
    }
    return true;
  }

  /** Makes whoever waits stop waiting, now and for ever. */
  public synchronized void wake() throws IOException {
    if (!closed) {
      int ignored = Posix.write(alarm.writeEnd(), new byte[1]);
    }
  }

  @Override
  public synchronized void close() throws IOException {
    if (!closed) {
      closed = true;
      Posix.close(descriptor);
      Posix.close(alarm.readEnd());
      Posix.close(alarm.writeEnd());
    }
  }
}
