package dev.terrarium.engine.syscall;

import java.util.List;
import java.util.stream.Collectors;

/** A system call that is about to be made: pure data, see {@link Calls} for the constructors. */
public record Call(Syscall syscall, List<Operand> operands) {

  public Call {
    operands = List.copyOf(operands);
    if (operands.size() > 6) {
      throw new IllegalArgumentException(syscall.symbol() + " with more than six arguments");
    }
  }

  /** The arguments as a person reads them. */
  public List<Arg> shown() {
    return operands.stream().map(Operand::shown).toList();
  }

  /** As strace(1) would print it, without the result. */
  @Override
  public String toString() {
    return syscall.symbol()
        + "("
        + shown().stream().map(Arg::text).collect(Collectors.joining(", "))
        + ")";
  }
}
