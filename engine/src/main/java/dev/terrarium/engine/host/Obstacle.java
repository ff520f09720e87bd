package dev.terrarium.engine.host;

/**
 * What stands in the way of something on this host.
 *
 * @param why what is missing, with the evidence, in English
 * @param remedy the command or the change that would lift it; empty if nothing does
 */
public record Obstacle(String why, String remedy) {

  /** Both in one sentence. */
  public String sentence() {
    return remedy.isEmpty() ? why : why + "; " + remedy;
  }
}
