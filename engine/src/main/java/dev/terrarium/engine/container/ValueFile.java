package dev.terrarium.engine.container;

import dev.terrarium.engine.stub.Stub;
import dev.terrarium.engine.stub.StubPool;
import dev.terrarium.engine.syscall.Arg;
import dev.terrarium.engine.syscall.Call;
import dev.terrarium.engine.syscall.Calls;
import dev.terrarium.engine.syscall.FileCalls;
import dev.terrarium.engine.syscall.Operand;
import dev.terrarium.engine.syscall.Syscall;
import dev.terrarium.engine.syscall.SyscallEvent;
import dev.terrarium.engine.syscall.SyscallException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A file of the kernel's that holds a value, such as {@code memory.max}. */
record ValueFile(Path path) {

  /**
   * Gives it another value.
   *
   * @return what was done, with what it held before, and what it holds if that is another value
   * @throws SyscallException if the kernel refuses
   */
  SyscallEvent change(String value, StubPool stubs) {
    Optional<String> before = content();
    Instant at = Instant.now();
    long begin = System.nanoTime();
    try {
      // A write of no bytes at all would not reach the kernel.
      Files.writeString(path, value + "\n", StandardOpenOption.WRITE);
    } catch (IOException e) {
      refuse(value, stubs);
    }
    long nanos = System.nanoTime() - begin;
    return new SyscallEvent(
        at,
        (int) ProcessHandle.current().pid(),
        "write",
        List.of(new Arg.Text(path.toString()), new Arg.Text(value)),
        value.length(),
        Optional.empty(),
        nanos,
        before.flatMap(was -> content().map(is -> note(was, is, value))));
  }

  private static String note(String was, String is, String wanted) {
    return "was \"" + was + "\"" + (is.equals(wanted) ? "" : ", is \"" + is + "\"");
  }

  /** Of a value, which is one line; a list such as {@code cgroup.procs} is none. */
  private Optional<String> content() {
    try {
      String content = Files.readString(path).strip();
      boolean list = path.endsWith("cgroup.procs") || content.contains("\n");
      return list ? Optional.empty() : Optional.of(content);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Java tells no errno: what was refused is tried again by a stub, which does. */
  private void refuse(String value, StubPool stubs) {
    try {
      Stub teller = stubs.take();
      try {
        long mode = Calls.O_WRONLY | Calls.O_CLOEXEC;
        int fd = (int) teller.make(Calls.openat(path.toString(), mode)).result();
        try {
          teller.make(FileCalls.write(fd, value + "\n"));
        } finally {
          teller.make(Calls.close(fd));
        }
      } catch (SyscallException e) {
        List<Operand> shown = List.of(new Operand.Text(path.toString()), new Operand.Text(value));
        throw new SyscallException(new Call(Syscall.WRITE, shown), e.errno());
      } finally {
        stubs.give(teller);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
