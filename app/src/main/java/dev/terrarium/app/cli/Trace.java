package dev.terrarium.app.cli;

import dev.terrarium.engine.fact.Fact;
import dev.terrarium.engine.syscall.Arg;
import dev.terrarium.engine.syscall.Errno;
import dev.terrarium.engine.syscall.HeardCall;
import dev.terrarium.engine.syscall.SyscallEvent;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Prints system calls to standard error as they are made: the engine's, those that the container's
 * programs are heard to make, or both.
 */
final class Trace implements Consumer<Fact> {
  private final Streams streams;
  private final TraceFormat format;
  private final boolean made;
  private final boolean heard;

  /** Of what the engine calls. */
  Trace(Streams streams, TraceFormat format) {
    this(streams, format, true, false);
  }

  /**
   * One that prints nothing else.
   *
   * @param made whether the engine's calls are printed
   * @param heard whether what the container's programs are heard to call is
   */
  Trace(Streams streams, TraceFormat format, boolean made, boolean heard) {
    this.streams = streams;
    this.format = format;
    this.made = made;
    this.heard = heard;
  }

  @Override
  public void accept(Fact fact) {
    if (made && fact instanceof Fact.Called called) {
      print(line(called.call()), Entry.of(called.call()));
    } else if (heard && fact instanceof Fact.Heard own) {
      print(line(own.call()), HeardEntry.of(own.call()));
    } else if (heard && fact instanceof Fact.Unheard(var at, var box, long count)) {
      print("... %d calls more".formatted(count), new UnheardEntry(at.toString(), count));
    } else if (heard && fact instanceof Fact.LeftOut left && LISTENING.contains(left.step())) {
      streams.say("not heard: " + left.why());
    }
  }

  private static final Set<String> LISTENING = Set.of("open-line", "listen-to-calls");

  private void print(String text, Object json) {
    synchronized (streams.err()) {
      switch (format) {
        case TEXT -> streams.say(text);
        case JSON -> Json.line(streams.err(), json);
      }
    }
  }

  /**
   * A heard call as a program reads it; it has no result.
   *
   * @param at wall clock, ISO 8601
   * @param heard what the program called
   * @param pid the caller on the host
   * @param args each as strace(1) prints it
   * @param paths its paths, absolute
   */
  record HeardEntry(String at, int pid, String heard, List<String> args, List<String> paths) {
    static HeardEntry of(HeardCall call) {
      return new HeardEntry(
          call.at().toString(),
          call.pid(),
          call.name(),
          call.args().stream().map(Arg::text).toList(),
          call.paths());
    }
  }

  /** So many calls came too fast to be told of. */
  record UnheardEntry(String at, long unheard) {}

  /** As strace(1) prints a call whose result it does not know. */
  static String line(HeardCall call) {
    boolean given =
        call.paths().stream().allMatch(path -> call.args().contains(new Arg.Text(path)));
    return call.pid()
        + " "
        + call
        + "  // heard"
        + (given ? "" : "  → " + String.join(", ", call.paths()));
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
