package dev.terrarium.lessons.format;

import java.util.List;

/** A lesson's folder cannot be read as a lesson. Its message is one line: the first problem. */
public final class LessonFormatException extends Exception {

  private final transient List<Problem> problems;

  public LessonFormatException(List<Problem> problems) {
    super(summary(problems));
    this.problems = List.copyOf(problems);
  }

  /** All that was found, in the order of the files. */
  public List<Problem> problems() {
    return problems;
  }

  private static String summary(List<Problem> problems) {
    int more = problems.size() - 1;
    String first = problems.getFirst().toString();
    return more == 0 ? first : first + " (and " + more + " more)";
  }
}
