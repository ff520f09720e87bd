package dev.terrarium.engine.fact;

/**
 * One instruction of a build.
 *
 * @param stage the name or number of its stage
 * @param number in its stage, 1 is FROM
 * @param total how many the stage has
 * @param file as messages name it
 * @param line where it begins, from 1
 * @param lastLine where it ends
 * @param text all of it on one line
 */
public record BuildStep(
    String stage, int number, int total, String file, int line, int lastLine, String text) {

  /** Where it stands, such as {@code Dockerfile:3} or {@code Dockerfile:3-7}. */
  public String place() {
    return file + ":" + line + (lastLine > line ? "-" + lastLine : "");
  }
}
