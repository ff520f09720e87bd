package dev.terrarium.engine.syscall;

import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A system call that a program is about to make, as the kernel asked about it: what was wanted, and
 * not what came of it. The kernel makes the call, or refuses it, only after it was heard, and tells
 * nobody; so there is no result here.
 *
 * @param at wall clock time at which it was heard
 * @param pid the calling thread's number in the engine's pid namespace: the process's own number
 *     unless it has several threads
 * @param name such as {@code unlinkat}
 * @param args decoded arguments, in the order of the C prototype; what cannot be read in the
 *     caller's memory is shown as its address
 * @param paths each path among the arguments, absolute: a relative one begins where the caller is,
 *     or at the folder that it names by a descriptor. As text: a symbolic link on the way may lead
 *     elsewhere. One that could not be read is missing
 */
public record HeardCall(Instant at, int pid, String name, List<Arg> args, List<String> paths) {

  public HeardCall {
    args = List.copyOf(args);
    paths = List.copyOf(paths);
  }

  /** As strace(1) prints a call whose result it does not know. */
  @Override
  public String toString() {
    return name + args.stream().map(Arg::text).collect(Collectors.joining(", ", "(", ") = ?"));
  }
}
