package dev.terrarium.lessons.format;

/**
 * Something in a lesson's folder that is not as it should be.
 *
 * @param file as the reader named it, such as {@code my-lesson/lesson.json}
 * @param line from 1
 * @param message what is wrong and what would be right, one line
 */
public record Problem(String file, int line, String message) {

  /** As compilers print it, so that editors can jump there. */
  @Override
  public String toString() {
    return file + ":" + line + ": " + message;
  }
}
