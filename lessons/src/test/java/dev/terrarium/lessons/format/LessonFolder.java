package dev.terrarium.lessons.format;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A small right lesson on disk, one line of which a test then gets wrong. */
public final class LessonFolder {

  private static final String JSON =
      """
      {
        "order": 1,
        "steps": [
          {
            "id": "look",
            "predict": {
              "observe": "kept.number",
              "options": ["'1'", "container.pid"]
            },
            "do": [
              { "start": { "namespaces": ["pid", "mnt"], "argv": ["/bin/sh"] } },
              { "ask": { "line": "echo $$", "keep": "number" } }
            ]
          },
          {
            "id": "act",
            "your-turn": {
              "check": "container.processes.size() > 1",
              "solution": "sleep 1000 &"
            },
            "by-hand": ["kill {{number}}"]
          }
        ]
      }
      """;

  private static final String PROSE =
      """
      # A lesson

      ## Look {#look}

      Before.

      ### What is it? {#predict}

      - one
      - two

      ### Then {#after}

      It is {{number}}, really {{pid}}.

      ## Act {#act}

      Before.

      ### Do {#your-turn}

      Something.

      ### Hints {#hints}

      - Try.

      ### Then {#after}

      Done.
      """;

  private final Path folder;

  private LessonFolder(Path folder) {
    this.folder = folder;
  }

  /** Writes the right lesson. */
  public static LessonFolder in(Path parent) throws IOException {
    Path folder = Files.createDirectory(parent.resolve("small"));
    Files.writeString(folder.resolve("lesson.json"), JSON);
    Files.writeString(folder.resolve("en.md"), PROSE);
    return new LessonFolder(folder);
  }

  public Path path() {
    return folder;
  }

  /** Replaces a text that must be there, so that no test can pass by missing its mark. */
  public LessonFolder with(String file, String right, String wrong) throws IOException {
    Path path = folder.resolve(file);
    String text = Files.readString(path);
    if (!text.contains(right)) {
      throw new IllegalArgumentException(file + " does not contain: " + right);
    }
    Files.writeString(path, text.replace(right, wrong));
    return this;
  }
}
