package dev.terrarium.lessons.check;

import dev.terrarium.lessons.expression.Expression;
import dev.terrarium.lessons.expression.ExpressionException;
import dev.terrarium.lessons.expression.Expressions;
import dev.terrarium.lessons.format.ExpressionText;
import dev.terrarium.lessons.format.LessonFormatException;
import dev.terrarium.lessons.format.LessonLoader;
import dev.terrarium.lessons.format.LocatedLesson;
import dev.terrarium.lessons.format.Problem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds what is wrong with a lesson without playing it. */
public final class LessonCheck {

  private LessonCheck() {}

  /** Reads a folder and compiles its expressions; empty if all is well. */
  public static List<Problem> problems(Path folder) {
    try {
      return problems(LessonLoader.folder(folder));
    } catch (LessonFormatException e) {
      return e.problems();
    }
  }

  /** Compiles the expressions of a lesson that could be read. */
  public static List<Problem> problems(LocatedLesson lesson) {
    List<Problem> problems = new ArrayList<>();
    for (ExpressionText text : lesson.expressions()) {
      judge(text)
          .ifPresent(message ->
              problems.add(
                  new Problem(
                      text.file(),
                      text.line(),
                      "step \"" + text.step() + "\", " + text.place() + ": " + message)));
    }
    return problems;
  }

  private static Optional<String> judge(ExpressionText text) {
    Expression expression;
    try {
      expression = Expressions.shared().compile(text.text());
    } catch (ExpressionException e) {
      return Optional.ofNullable(e.getMessage());
    }
    for (String name : expression.keptNames()) {
      if (!text.kept().contains(name)) {
        return Optional.of(
            "nothing has been kept as \""
                + name
                + "\" by then"
                + (text.kept().isEmpty() ? "" : "; kept: " + String.join(", ", sorted(text))));
      }
    }
    return switch (text.wants()) {
      case TRUTH -> expression.isTruth() ? Optional.empty() : wrong(expression, "true or false");
      case NUMBER -> expression.isNumber() ? Optional.empty() : wrong(expression, "a whole number");
      case TEXT -> expression.isText() ? Optional.empty() : wrong(expression, "a text or a number");
    };
  }

  private static List<String> sorted(ExpressionText text) {
    return text.kept().stream().sorted().toList();
  }

  private static Optional<String> wrong(Expression expression, String wanted) {
    return Optional.of("must be " + wanted + ", not " + expression.type());
  }
}
