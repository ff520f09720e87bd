package dev.terrarium.engine.syscall;

import java.util.List;
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

  /**
   * Makes calls of which none needs another one's result, and none does harm if one before it was
   * refused: they are asked for all at once, which saves the waiting in between.
   *
   * @throws SyscallException for the first that the kernel refused; the others were made
   */
  default void makeAll(List<Call> calls) {
    calls.forEach(this::make);
  }

  /** Who makes the next call: a process id in the engine's pid namespace. */
  int caller();
}
