package dev.terrarium.app.cli;

import dev.terrarium.engine.fact.Fact;
import dev.terrarium.engine.syscall.Arg;
import dev.terrarium.engine.syscall.Errno;
import dev.terrarium.engine.syscall.SyscallEvent;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Prints system calls to standard error as they are made. */
final class Trace implements Consumer<Fact> {
  private final Streams streams;
  private final TraceFormat format;

  Trace(Streams streams, TraceFormat format) {
    this.streams = streams;
    this.format = format;
  }

  @Override
  public void accept(Fact fact) {
    if (fact instanceof Fact.Called called) {
      synchronized (streams.err()) {
        switch (format) {
          case TEXT -> streams.say(line(called.call()));
          case JSON -> Json.line(streams.err(), Entry.of(called.call()));
        }
      }
    }
  }

  /**
   * A call as a program reads it.
   *
   * @param at wall clock, ISO 8601
   * @param pid the caller on the host
   * @param args each as strace(1) prints it
   * @param errno the error's name, if it failed
   * @param micros how long it took, the way to the stub and back included
   * @param note what it brought about
   */
  record Entry(
      String at,
      int pid,
      String name,
      List<String> args,
      long result,
      Optional<String> errno,
      double micros,
      Optional<String> note) {
    static Entry of(SyscallEvent call) {
      return new Entry(
          call.at().toString(),
          call.pid(),
          call.name(),
          call.args().stream().map(Arg::text).toList(),
          call.result(),
          call.errno().map(Errno::name),
          call.nanos() / 1e3,
          call.note());
    }
  }

  /** As strace(1) prints a call, with the time that it took, the way to the stub included. */
  static String line(SyscallEvent call) {
    String arguments = call.args().stream().map(Arg::text).collect(Collectors.joining(", "));
    String why =
        call.errno().map(errno -> " " + errno.name() + " (" + errno.meaning() + ")").orElse("");
    String note = call.note().map(text -> "  → " + text).orElse("");
    return String.format(
        Locale.ROOT,
        "%d %s(%s) = %d%s  // %.0f µs%s",
        call.pid(),
        call.name(),
        arguments,
        call.result(),
        why,
        call.nanos() / 1e3,
        note);
  }
}
