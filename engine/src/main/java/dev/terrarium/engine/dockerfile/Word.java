package dev.terrarium.engine.dockerfile;

/** A part of an instruction as it is written, variables and quotes included, and where. */
public record Word(String text, Position at) {
  @Override
  public String toString() {
    return text;
  }
}
