package dev.terrarium.engine.syscall;

/** A system call that the kernel refused: the call with decoded arguments, and the errno. */
public final class SyscallException extends RuntimeException {
  private final transient Call call;
  private final transient Errno errno;

  public SyscallException(Call call, Errno errno) {
    super(call + " failed: " + errno.name() + ", " + errno.meaning());
    this.call = call;
    this.errno = errno;
  }

  public Call call() {
    return call;
  }

  public Errno errno() {
    return errno;
  }
}
