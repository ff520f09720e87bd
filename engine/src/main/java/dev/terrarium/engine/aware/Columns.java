package dev.terrarium.engine.aware;

/**
 * Every value has a place of its own that does not move when the value grows: whoever reads while a
 * file is written finds it whole, with some values from before.
 */
final class Columns {
  private Columns() {}

  /** A line, filled up with blanks at its end. */
  static String pad(String line, int width) {
    return line + " ".repeat(Math.max(0, width - line.length())) + "\n";
  }
}
