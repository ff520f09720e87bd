package dev.terrarium.app.cli;

import dev.terrarium.assets.Language;
import dev.terrarium.lessons.Course;
import dev.terrarium.lessons.Course.Part;
import dev.terrarium.lessons.format.Lesson;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The course. */
@Command(
    name = "lessons",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "List the lessons.")
final class LessonsCommand implements Callable<Integer> {
  private final Streams streams;

  @Option(names = "--json", description = "As JSON.")
  private boolean json;

  @Mixin private LanguageOption language = new LanguageOption();

  LessonsCommand(Streams streams) {
    this.streams = streams;
  }

  /**
   * One line of the list.
   *
   * @param id what {@code lesson} is told
   * @param order its number in the course
   * @param part the part's title
   * @param title the lesson's
   * @param steps how many
   */
  record Entry(String id, int order, String part, String title, int steps) {}

  @Override
  public Integer call() {
    Language chosen = language.chosen();
    List<Entry> entries =
        Course.load().parts().stream()
            .flatMap(part -> part.lessons().stream().map(lesson -> entry(part, lesson, chosen)))
            .toList();
    if (json) {
      Json.print(streams.out(), entries);
      return ExitCodes.OK;
    }
    String part = "";
    for (Entry entry : entries) {
      if (!entry.part().equals(part)) {
        part = entry.part();
        streams.out().println(part);
      }
      streams
          .out()
          .printf("%4d  %-20s %s (%d)%n", entry.order(), entry.id(), entry.title(), entry.steps());
    }
    return ExitCodes.OK;
  }

  private static Entry entry(Part part, Lesson lesson, Language language) {
    return new Entry(
        lesson.id(),
        lesson.order(),
        part.title(language.code()),
        title(lesson, language),
        lesson.steps().size());
  }

  static String title(Lesson lesson, Language language) {
    return lesson
        .titles()
        .getOrDefault(language.code(), lesson.titles().getOrDefault("en", lesson.id()));
  }
}
