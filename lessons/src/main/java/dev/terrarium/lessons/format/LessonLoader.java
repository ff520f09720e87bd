package dev.terrarium.lessons.format;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads lessons: those that ship with Terrarium, and any folder. Strict: what it does not
 * understand is an error with file and line. Expressions are not compiled here, so that a list of
 * lessons costs no compiler; see {@link dev.terrarium.lessons.check.LessonCheck}.
 */
public final class LessonLoader {

  private static final String INDEX = "index";
  private static final String LANGUAGE_FILE = "[a-z]{2,3}\\.md";
  private static final String ID = "[a-z0-9]+(-[a-z0-9]+)*";

  private LessonLoader() {}

  /** The ids of the lessons that ship with Terrarium. */
  public static List<String> builtInIds() {
    return List.copyOf(index().keySet());
  }

  /**
   * One of the lessons that ship with Terrarium.
   *
   * @throws IllegalArgumentException if there is none of that id
   */
  public static LocatedLesson builtIn(String id) throws LessonFormatException {
    List<String> languages = index().get(id);
    if (languages == null) {
      throw new IllegalArgumentException(
          "no lesson \"" + id + "\"; " + Problems.didYouMean(id, builtInIds()));
    }
    return read(LessonSource.builtIn(id, languages));
  }

  /** The lesson in a folder. */
  public static LocatedLesson folder(Path folder) throws LessonFormatException {
    return read(LessonSource.folder(folder));
  }

  /** Languages by lesson id; each line of the index is an id and its languages. */
  private static Map<String, List<String>> index() {
    Map<String, List<String>> index = new LinkedHashMap<>();
    LessonSource.resource(INDEX)
        .lines()
        .filter(line -> !line.isBlank())
        .forEach(line -> {
          List<String> words = Arrays.asList(line.split(" "));
          index.put(words.getFirst(), words.subList(1, words.size()));
        });
    return index;
  }

  private static LocatedLesson read(LessonSource source) throws LessonFormatException {
    Problems problems = new Problems();
    if (!source.id().matches(ID)) {
      problems.add(
          source.shown(),
          1,
          "the folder \""
              + source.id()
              + "\" must be small letters, digits and dashes: it is the lesson's id");
    }
    String jsonFile = source.path(LessonJson.FILE);
    String json = source.texts().get(LessonJson.FILE);
    if (json == null) {
      throw new LessonFormatException(List.of(new Problem(jsonFile, 1, "the file is missing")));
    }
    LessonJson.Outline outline = LessonJson.read(jsonFile, json, problems);
    Map<String, String> titles = new HashMap<>();
    Map<String, Map<String, StepProse>> prose = new HashMap<>();
    for (Map.Entry<String, String> entry : source.texts().entrySet()) {
      String name = entry.getKey();
      if (name.matches(LANGUAGE_FILE)) {
        String language = name.substring(0, name.indexOf('.'));
        ProseReader.Words words =
            ProseReader.read(source.path(name), entry.getValue(), outline.steps(), problems);
        titles.put(language, words.title());
        prose.put(language, words.steps());
      } else if (!name.equals(LessonJson.FILE)) {
        problems.add(
            source.path(name),
            1,
            "stray file; a lesson is lesson.json and a file for each language, such as en.md");
      }
    }
    if (!titles.containsKey("en")) {
      problems.add(
          source.path("en.md"),
          1,
          "the file is missing; English is what other languages fall back to");
    }
    problems.throwIfAny();
    Lesson lesson =
        new Lesson(source.id(), outline.order(), outline.part(), outline.steps(), titles, prose);
    return new LocatedLesson(lesson, outline.expressions());
  }
}
