package dev.terrarium.lessons.play;

import dev.terrarium.lessons.format.Lesson;
import dev.terrarium.lessons.format.LessonFormatException;
import dev.terrarium.lessons.format.LessonLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A lesson of one step, written by a test. */
final class LessonText {

  private LessonText() {}

  /** The step has the id {@code only}; its keys are given as JSON. */
  static Lesson ofOneStep(Path parent, String keys, String parts)
      throws IOException, LessonFormatException {
    Path folder = Files.createDirectory(parent.resolve("illusion-of-a-test"));
    Files.writeString(
        folder.resolve("lesson.json"),
        "{ \"order\": 1, \"steps\": [ { \"id\": \"only\", " + keys + " } ] }");
    Files.writeString(
        folder.resolve("en.md"),
        "# A test\n\n## Only {#only}\n\nBefore.\n\n"
            + parts
            + "\n\n### After {#after}\n\nAfter.\n");
    return LessonLoader.folder(folder).lesson();
  }
}
