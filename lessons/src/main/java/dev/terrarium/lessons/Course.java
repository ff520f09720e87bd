package dev.terrarium.lessons;

import dev.terrarium.lessons.format.Lesson;
import dev.terrarium.lessons.format.LessonFormatException;
import dev.terrarium.lessons.format.LessonLoader;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The lessons that ship with Terrarium, in the order in which they are taught.
 *
 * @param parts those that have lessons
 */
public record Course(List<Part> parts) {

  /** Titles by language, in teaching order. */
  private static final List<Part> ALL_PARTS =
      List.of(
          part("eyes", "A process with different eyes", "换了一双眼睛的进程"),
          part("limits", "Limits", "限额"),
          part("files", "Files", "文件"),
          part("together", "Putting it together", "融会贯通"),
          part("own", "Your own lessons", "自编课程"));

  public Course {
    parts = List.copyOf(parts);
  }

  /**
   * A part of the course.
   *
   * @param id as lessons name it
   * @param titles by language code
   * @param lessons in order
   */
  public record Part(String id, Map<String, String> titles, List<Lesson> lessons) {
    public Part {
      titles = Map.copyOf(titles);
      lessons = List.copyOf(lessons);
    }

    /** Its title, in English if that language is missing. */
    public String title(String language) {
      return titles.getOrDefault(language, titles.getOrDefault("en", id));
    }
  }

  /** Reads the lessons from the class path; compiles no expressions, so it is quick. */
  public static Course load() {
    List<Lesson> lessons = new ArrayList<>();
    for (String id : LessonLoader.builtInIds()) {
      try {
        lessons.add(LessonLoader.builtIn(id).lesson());
      } catch (LessonFormatException e) {
        throw new IllegalStateException("a lesson that ships with Terrarium is broken: " + e, e);
      }
    }
    return of(lessons);
  }

  /** Groups lessons into the parts that they name. */
  public static Course of(List<Lesson> lessons) {
    List<Part> parts = new ArrayList<>();
    for (Part part : ALL_PARTS) {
      List<Lesson> members =
          lessons.stream()
              .filter(lesson -> lesson.part().equals(part.id()))
              .sorted(Comparator.comparingInt(Lesson::order).thenComparing(Lesson::id))
              .toList();
      if (!members.isEmpty()) {
        parts.add(new Part(part.id(), part.titles(), members));
      }
    }
    return new Course(parts);
  }

  /** All lessons in order. */
  public List<Lesson> lessons() {
    return parts.stream().flatMap(part -> part.lessons().stream()).toList();
  }

  /** The lesson of that id. */
  public Optional<Lesson> lesson(String id) {
    return lessons().stream().filter(lesson -> lesson.id().equals(id)).findFirst();
  }

  private static Part part(String id, String english, String chinese) {
    return new Part(id, Map.of("en", english, "zh", chinese), List.of());
  }
}
