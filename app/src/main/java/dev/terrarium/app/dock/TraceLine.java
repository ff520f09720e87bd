package dev.terrarium.app.dock;

/** A line of the trace: a call that the engine made, or one that a program of the container did. */
sealed interface TraceLine permits CallLine, HeardLine {

  /** The lesson's step that it belongs to, from 0. */
  int step();
}
