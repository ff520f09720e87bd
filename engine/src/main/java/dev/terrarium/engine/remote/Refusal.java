package dev.terrarium.engine.remote;

import dev.terrarium.engine.container.ContainerException;
import dev.terrarium.engine.spec.InvalidSpecException;
import dev.terrarium.engine.syscall.Call;
import dev.terrarium.engine.syscall.Errno;
import dev.terrarium.engine.syscall.SyscallException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** Why a call failed, so that the caller gets the same exception as beside the engine itself. */
sealed interface Refusal {

  /** {@link InvalidSpecException}. */
  record InvalidSpec(List<String> problems) implements Refusal {}

  /** {@link IllegalArgumentException}; also a request that makes no sense. */
  record IllegalArgument(String message) implements Refusal {}

  /** {@link IllegalStateException}. */
  record IllegalState(String message) implements Refusal {}

  /** {@link ContainerException}. */
  record StepFailed(String message) implements Refusal {}

  /** {@link SyscallException}. */
  record Kernel(Call call, Errno errno) implements Refusal {}

  /** {@link IOException}, or {@link UncheckedIOException} where a method declares none. */
  record Io(String message) implements Refusal {}

  /** A defect of the engine. */
  record Defect(String message) implements Refusal {}

  static Refusal of(Throwable problem) {
    return switch (problem) {
      case InvalidSpecException e -> new InvalidSpec(e.problems());
      case SyscallException e -> new Kernel(e.call(), e.errno());
      case ContainerException e -> new StepFailed(message(e));
      case IllegalArgumentException e -> new IllegalArgument(message(e));
      case IllegalStateException e -> new IllegalState(message(e));
      case UncheckedIOException e -> new Io(message(e));
      case IOException e -> new Io(message(e));
      default -> new Defect(problem.toString());
    };
  }

  private static String message(Throwable problem) {
    return String.valueOf(problem.getMessage());
  }

  /** To be thrown by whoever called. */
  default Exception exception() {
    return switch (this) {
      case InvalidSpec why -> new InvalidSpecException(why.problems());
      case IllegalArgument why -> new IllegalArgumentException(why.message());
      case IllegalState why -> new IllegalStateException(why.message());
      case StepFailed why -> new ContainerException(why.message());
      case Kernel why -> new SyscallException(why.call(), why.errno());
      case Io why -> new IOException(why.message());
      case Defect why -> new IllegalStateException("the engine failed: " + why.message());
    };
  }
}
