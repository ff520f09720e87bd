package dev.terrarium.app.dock;

import dev.terrarium.app.dock.Token.Kind;
import dev.terrarium.app.text.VisibleText;
import dev.terrarium.engine.syscall.Arg;
import dev.terrarium.engine.syscall.Errno;
import dev.terrarium.engine.syscall.SyscallEvent;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A system call as strace(1) would print it, in pieces.
 *
 * @param step the lesson's step that made it, from 0
 * @param call what was recorded
 */
record CallLine(int step, SyscallEvent call) implements TraceLine {

  /** Longer strings are clipped, as strace does it, but later. */
  static final int LONGEST_STRING = 120;

  private static final int MOST_WORDS = 12;

  static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");

  /** The pieces, from the time to the note. */
  List<Token> tokens(ZoneId zone) {
    List<Token> tokens = new ArrayList<>();
    tokens.add(Token.of(Kind.MUTED, CLOCK.withZone(zone).format(call.at()) + "  "));
    tokens.add(Token.of(Kind.MUTED, String.format(Locale.ROOT, "%-7d", call.pid())));
    tokens.add(Token.of(Kind.NAME, VisibleText.of(call.name(), LONGEST_STRING)));
    arguments(call.args(), tokens);
    tokens.add(result());
    tokens.add(Token.of(Kind.MUTED, "   // " + duration(call.nanos())));
    call.note()
        .ifPresent(note ->
            tokens.add(Token.of(Kind.NOTE, "   → " + VisibleText.of(note, 2 * LONGEST_STRING))));
    return tokens;
  }

  /** All of it on one line of plain text. */
  String text(ZoneId zone) {
    return tokens(zone).stream().map(Token::text).collect(Collectors.joining());
  }

  /** Adds all between a call's name and its result. */
  static void arguments(List<Arg> args, List<Token> tokens) {
    tokens.add(Token.of(Kind.PLAIN, "("));
    for (int i = 0; i < args.size(); i++) {
      if (i > 0) {
        tokens.add(Token.of(Kind.PLAIN, ", "));
      }
      tokens.add(argument(args.get(i)));
    }
    tokens.add(Token.of(Kind.PLAIN, ") = "));
  }

  private static Token argument(Arg arg) {
    return switch (arg) {
      case Arg.Text text -> Token.of(Kind.STRING, quoted(text.value()));
      case Arg.Words words -> Token.of(Kind.STRING, vector(words.values()));
      case Arg.Flags flags -> Token.of(Kind.FLAG, flagNames(flags));
      case Arg.Int number -> Token.of(Kind.PLAIN, Long.toString(number.value()));
      case Arg.Null() -> Token.of(Kind.PLAIN, "NULL");
      case Arg.Struct struct ->
          Token.of(Kind.PLAIN, VisibleText.of(struct.text(), 2 * LONGEST_STRING));
    };
  }

  private static String flagNames(Arg.Flags flags) {
    return flags.names().isEmpty()
        ? Long.toString(flags.value())
        : VisibleText.of(String.join("|", flags.names()), 4 * LONGEST_STRING);
  }

  private static String vector(List<String> words) {
    String shown =
        words.stream().limit(MOST_WORDS).map(CallLine::quoted).collect(Collectors.joining(", "));
    return "[" + shown + (words.size() > MOST_WORDS ? ", …" : "") + "]";
  }

  private static String quoted(String text) {
    return "\"" + VisibleText.of(text, LONGEST_STRING).replace("\"", "\\\"") + "\"";
  }

  private Token result() {
    if (call.errno().isPresent()) {
      Errno errno = call.errno().get();
      return new Token(
          Kind.BAD, call.result() + " " + errno.name(), errno.name() + ": " + errno.meaning(), 0);
    }
    return Token.of(Kind.GOOD, Long.toString(call.result()));
  }

  /** A duration with its unit, short: {@code 41 µs}, {@code 1.2 ms}. */
  static String duration(long nanos) {
    if (nanos < 1_000_000) {
      return Math.max(1, Math.round(nanos / 1e3)) + " µs";
    }
    return nanos < 1_000_000_000
        ? String.format(Locale.ROOT, "%.1f ms", nanos / 1e6)
        : String.format(Locale.ROOT, "%.1f s", nanos / 1e9);
  }
}
