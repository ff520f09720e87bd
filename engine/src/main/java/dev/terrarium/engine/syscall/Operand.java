package dev.terrarium.engine.syscall;

import java.util.List;

/** One argument as it travels to the kernel, and as a person reads it. */
public sealed interface Operand {

  /** As a person reads it. */
  Arg shown();

  /** A value that fits a register. */
  record Register(long value, Arg shown) implements Operand {}

  /** A string; it travels as UTF-8 with a terminating NUL and becomes a pointer. */
  record Text(String value) implements Operand {
    @Override
    public Arg shown() {
      return new Arg.Text(value);
    }
  }

  /** A NULL-terminated vector of strings; it becomes a pointer to pointers. */
  record Words(List<String> values) implements Operand {
    public Words {
      values = List.copyOf(values);
    }

    @Override
    public Arg shown() {
      return new Arg.Words(values);
    }
  }

  /**
   * Memory that the kernel reads, and perhaps writes: it travels there and comes back with the
   * reply.
   */
  record Memory(Bytes content, Arg shown) implements Operand {}

  /**
   * A structure of 64-bit fields, each a value or a pointer to what travels along, such as struct
   * sock_fprog or struct iovec; it becomes a pointer.
   */
  record Structure(List<Operand> fields, Arg shown) implements Operand {
    public Structure {
      fields = List.copyOf(fields);
    }
  }

  static Operand number(long value) {
    return new Register(value, new Arg.Int(value));
  }

  static Operand flags(long value, List<String> names) {
    return new Register(value, new Arg.Flags(value, names));
  }

  static Operand nil() {
    return new Register(0, new Arg.Null());
  }
}
