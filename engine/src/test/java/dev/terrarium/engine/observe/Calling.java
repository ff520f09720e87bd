package dev.terrarium.engine.observe;

import dev.terrarium.engine.syscall.Arg;
import dev.terrarium.engine.syscall.Errno;
import dev.terrarium.engine.syscall.SyscallEvent;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Traces in the words of the engine. */
final class Calling {

  private Calling() {}

  static SyscallEvent call(int pid, String name, long result, Arg... args) {
    return new SyscallEvent(
        Instant.EPOCH, pid, name, List.of(args), result, Optional.empty(), 1, Optional.empty());
  }

  static SyscallEvent refused(SyscallEvent call) {
    return new SyscallEvent(
        call.at(),
        call.pid(),
        call.name(),
        call.args(),
        -1,
        Optional.of(Errno.of(1)),
        1,
        Optional.empty());
  }

  static SyscallEvent clone(int pid, int child, String... flags) {
    return call(pid, "clone", child, new Arg.Flags(1, Arrays.asList(flags)), new Arg.Null());
  }

  static SyscallEvent mount(int pid, String source, String target, String type, String... flags) {
    return call(
        pid,
        "mount",
        0,
        new Arg.Text(source),
        new Arg.Text(target),
        type.isEmpty() ? new Arg.Null() : new Arg.Text(type),
        new Arg.Flags(1, Arrays.asList(flags)),
        new Arg.Null());
  }

  static SyscallEvent pivotRoot(int pid, String root) {
    return call(pid, "pivot_root", 0, new Arg.Text(root), new Arg.Text(root));
  }

  static SyscallEvent kill(int pid, int target, int signal) {
    return call(
        pid, "kill", 0, new Arg.Int(target), new Arg.Flags(signal, List.of("SIG" + signal)));
  }
}
