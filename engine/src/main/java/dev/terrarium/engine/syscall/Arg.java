package dev.terrarium.engine.syscall;

import java.util.List;

/** One decoded argument of a system call, as a person reads it. */
public sealed interface Arg {

  /** A string in the caller's memory, such as a path. */
  record Text(String value) implements Arg {}

  /** A vector of strings, such as argv. */
  record Words(List<String> values) implements Arg {
    public Words {
      values = List.copyOf(values);
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
  }

  /** A plain number: a pid, a file descriptor, a length. */
  record Int(long value) implements Arg {}

  /** A null pointer. */
  record Null() implements Arg {}

  /** A structure, printed field by field, such as {@code {pid=8214}}. */
  record Struct(String text) implements Arg {}
}
