package dev.terrarium.engine.syscall;

import java.util.List;
import java.util.stream.Collectors;

/** One decoded argument of a system call, as a person reads it. */
public sealed interface Arg {

  /** As strace(1) would print it. */
  String text();

  /** A string in the caller's memory, such as a path. */
  record Text(String value) implements Arg {
    @Override
    public String text() {
      return quote(value);
    }
  }

  /** A vector of strings, such as argv. */
  record Words(List<String> values) implements Arg {
    public Words {
      values = List.copyOf(values);
    }

    @Override
    public String text() {
      return values.stream().map(Arg::quote).collect(Collectors.joining(", ", "[", "]"));
    }
  }

  /**
   * A set of bits and the names that the C headers give them; a rest without a name is in
   * hexadecimal.
   */
  record Flags(long value, List<String> names) implements Arg {
    public Flags {
      names = List.copyOf(names);
    }

    @Override
    public String text() {
      return names.isEmpty() ? Long.toString(value) : String.join("|", names);
    }
  }

  /** A plain number: a pid, a file descriptor, a length. */
  record Int(long value) implements Arg {
    @Override
    public String text() {
      return Long.toString(value);
    }
  }

  /** A null pointer. */
  record Null() implements Arg {
    @Override
    public String text() {
      return "NULL";
    }
  }

  /** A structure, printed field by field, such as {@code {pid=8214}}. */
  record Struct(String text) implements Arg {}

  private static String quote(String raw) {
    StringBuilder quoted = new StringBuilder("\"");
    raw.codePoints()
        .forEach(c -> {
          switch (c) {
            case '"', '\\' -> quoted.append('\\').appendCodePoint(c);
            case '\n' -> quoted.append("\\n");
            case '\t' -> quoted.append("\\t");
            case '\r' -> quoted.append("\\r");
            default -> {
              if (c < 0x20 || c == 0x7f) {
                quoted.append("\\%o".formatted(c));
              } else {
                quoted.appendCodePoint(c);
              }
            }
          }
        });
    return quoted.append('"').toString();
  }
}
