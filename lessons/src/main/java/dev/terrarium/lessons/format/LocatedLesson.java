package dev.terrarium.lessons.format;

import java.util.List;

/**
 * A lesson and where in its files the expressions stand.
 *
 * @param lesson the lesson
 * @param expressions all of them, in the order in which they are evaluated
 */
public record LocatedLesson(Lesson lesson, List<ExpressionText> expressions) {
  public LocatedLesson {
    expressions = List.copyOf(expressions);
  }
}
