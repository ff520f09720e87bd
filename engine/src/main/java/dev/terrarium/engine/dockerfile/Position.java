package dev.terrarium.engine.dockerfile;

/** A place in a file; both numbers begin at 1. */
public record Position(int line, int column) {
  @Override
  public String toString() {
    return line + ":" + column;
  }
}
