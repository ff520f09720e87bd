package dev.terrarium.engine.syscall;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One system call that was made: the truth that the trace shows.
 *
 * @param at wall clock time at which it was made
 * @param pid the caller's number in the engine's pid namespace
 * @param name such as {@code clone}
 * @param args decoded arguments, in the order of the C prototype
 * @param result what it returned; -1 if it failed
 * @param errno why it failed
 * @param nanos how long it took, the way to the stub and back included
 * @param note what it brought about, found out afterwards, such as {@code new pid:[4026532601]}
 */
public record SyscallEvent(
    Instant at,
    int pid,
    String name,
    List<Arg> args,
    long result,
    Optional<Errno> errno,
    long nanos,
    Optional<String> note) {

  public SyscallEvent {
    args = List.copyOf(args);
  }
}
