package dev.terrarium.engine.syscall;

import java.util.Optional;
import java.util.function.Function;

/** The one seam through which system calls are made on behalf of containers. */
public interface Syscalls {

  /**
   * Makes the call and waits for its result.
   *
   * @throws SyscallException if the kernel refuses it
   */
  default Outcome make(Call call) {
    return make(call, outcome -> Optional.empty());
  }

  /**
   * The same.
   *
   * @param note what a successful call brought about, for the trace
   */
  Outcome make(Call call, Function<Outcome, Optional<String>> note);

  /** Who makes the next call: a process id in the engine's pid namespace. */
  int caller();
}
