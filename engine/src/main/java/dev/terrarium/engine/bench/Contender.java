package dev.terrarium.engine.bench;

import java.io.IOException;

/**
 * One who does the measured work.
 *
 * @param name as the report calls it
 * @param work done once, from nothing to nothing
 */
record Contender(String name, Work work) {

  /** What is measured. */
  interface Work {
    void run() throws IOException, InterruptedException;
  }
}
