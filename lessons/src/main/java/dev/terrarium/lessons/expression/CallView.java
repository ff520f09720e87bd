package dev.terrarium.lessons.expression;

import dev.terrarium.engine.syscall.Arg;
import dev.terrarium.engine.syscall.HeardCall;
import java.util.List;

/**
 * A system call of a program in the container as expressions see it: what was wanted, not what came
 * of it.
 *
 * @param name such as {@code unlinkat}
 * @param pid the caller's number on the host
 * @param args each as strace(1) prints it
 * @param paths its paths, absolute
 */
public record CallView(String name, long pid, List<String> args, List<String> paths) {
  public CallView {
    args = List.copyOf(args);
    paths = List.copyOf(paths);
  }

  static CallView of(HeardCall call) {
    return new CallView(
        call.name(), call.pid(), call.args().stream().map(Arg::text).toList(), call.paths());
  }

  /** As a person reads it. */
  @Override
  public String toString() {
    return name + "(" + String.join(", ", args) + ")";
  }
}
