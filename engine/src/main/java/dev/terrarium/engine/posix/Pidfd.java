package dev.terrarium.engine.posix;

import java.io.IOException;
import java.util.Optional;

/**
 * A hold on one process: as long as it is open, a signal reaches this process or nobody, even when
 * its number is given to another. Source: pidfd_open(2), pidfd_send_signal(2).
 */
public final class Pidfd implements AutoCloseable {
  private final int descriptor;

  private Pidfd(int descriptor) {
    this.descriptor = descriptor;
  }

  /** Takes hold of the process that has that number now; empty if none has it. */
  public static Optional<Pidfd> open(int pid) throws IOException {
    int descriptor = Posix.pidfdOpen(pid);
    return descriptor < 0 ? Optional.empty() : Optional.of(new Pidfd(descriptor));
  }

  /**
   * Sends a signal.
   *
   * @return false if the process has ended
   * @throws IOException if the kernel refuses, because it belongs to somebody else
   */
  public boolean signal(int number) throws IOException {
    return Posix.pidfdSendSignal(descriptor, number);
  }

  @Override
  public void close() throws IOException {
    Posix.close(descriptor);
  }
}
