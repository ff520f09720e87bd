package dev.terrarium.engine.syscall;

/** The one seam through which system calls are made on behalf of containers. */
public interface Syscalls {

  /**
   * Makes the call and waits for its result.
   *
   * @throws SyscallException if the kernel refuses it
   */
  Outcome make(Call call);

  /** Who makes the next call: a process id in the engine's pid namespace. */
  int caller();
}
