package dev.terrarium.lessons.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.terrarium.engine.spec.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LessonLoaderTest {

  @TempDir private Path parent;
  private LessonFolder folder;

  @BeforeEach
  void writeARightLesson() throws IOException {
    folder = LessonFolder.in(parent);
  }

  @Test
  void readsARightLesson() throws LessonFormatException {
    Lesson lesson = LessonLoader.folder(folder.path()).lesson();

    assertThat(lesson.id()).isEqualTo("small");
    assertThat(lesson.part()).isEqualTo("own");
    assertThat(lesson.titles()).containsEntry("en", "A lesson");
    assertThat(lesson.steps()).extracting(LessonStep::id).containsExactly("look", "act");
    assertThat(lesson.steps().getFirst().actions())
        .satisfiesExactly(
            start ->
                assertThat(start)
                    .isInstanceOfSatisfying(
                        Action.Start.class, s -> assertThat(s.proc()).isEqualTo("new")),
            ask -> assertThat(ask).isInstanceOf(Action.Ask.class));
    StepProse look = lesson.prose("en", 0);
    assertThat(look.title()).isEqualTo("Look");
    assertThat(look.before()).isEqualTo("Before.");
    assertThat(look.question()).contains("What is it?");
    assertThat(look.options()).containsExactly("one", "two");
    assertThat(look.after()).isEqualTo("It is {{number}}, really {{pid}}.");
    assertThat(lesson.prose("xx", 1).hints()).containsExactly("Try.");
  }

  /** Each row: the file, what is right in it, what is written instead, the line, the message. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          lesson.json | "order": 1 | "ordre": 1, "order": 1 | 2 | unknown key "ordre" in a lesson; did you mean "order"?
          lesson.json | "order": 1, | "part": "eyes", | 1 | a lesson needs the key "order"
          lesson.json | "order": 1 | "order": "one" | 2 | "order" must be a whole number, not the text "one"
          lesson.json | "order": 1 | "order": 1, "part": "eye" | 2 | "part" cannot be "eye"; did you mean "eyes"?
          lesson.json | "id": "look" | "id": "First Look" | 5 | the id "First Look" must be small letters, digits and dashes, such as "first-look"
          lesson.json | "id": "act" | "id": "look" | 15 | two steps are called "look"
          lesson.json | "ask": | "aks": | 12 | unknown key "aks" in an action; did you mean "ask"?
          lesson.json | "pid", "mnt" | "pid", "mount" | 11 | "namespaces" cannot hold "mount"; did you mean "mnt"?
          lesson.json | "pid", "mnt"] | "pid", "mnt"], "init-layer": 1 | 11 | "init-layer" must be true or false, not the number 1
          lesson.json | "pid", "mnt"] | "pid", "mnt"], "init_layer": true | 11 | unknown key "init_layer" in "start"; did you mean "init-layer"?
          lesson.json | "pid", "mnt"] | "pid", "mnt"], "volumes": ["data"] | 11 | "volumes" are absolute paths inside the container, such as "/data"
          lesson.json | "pid", "mnt"] | "pid", "mnt"], "root": "host", "init-layer": true | 11 | the host's root takes neither an init layer nor volumes
          lesson.json | "pid", "mnt"] | "pid", "mnt"], "hardening": "usal" | 11 | "hardening" cannot be "usal"; did you mean "usual"?
          lesson.json | "pid", "mnt"] | "pid", "mnt"], "limits": { "memry": "64m" } | 11 | unknown key "memry" in "limits"; did you mean "memory"?
          lesson.json | "pid", "mnt"] | "pid", "mnt"], "limits": { "memory": "64 MB" } | 11 | "memory" must be a number of bytes with k, m or g, such as "64m"
          lesson.json | "pid", "mnt"] | "pid", "mnt"], "limits": { "cpus": "half" } | 11 | "cpus" must be processors' worth of time as a text, such as "0.2"
          lesson.json | "pid", "mnt"] | "pid", "mnt"], "limits": { "pids": 0 } | 11 | "pids" must be a whole number from 1
          lesson.json | "id": "look" | "id": "look", "view": "file" | 5 | "view" cannot be "file"; did you mean "files"?
          lesson.json | "keep": "number" | "keep": "pid" | 12 | the name "pid" is taken: every lesson has it
          lesson.json | , "container.pid"] | ] | 8 | "options" must be at least two expressions
          lesson.json | kill {{number}} | kill {{child}} | 21 | {{child}} is not known here; nothing has been kept as that
          lesson.json | echo $$ | echo {{number}} | 12 | {{number}} is not known here; nothing has been kept as that
          lesson.json | sleep 1000 & | kill {{child}} | 19 | {{child}} is not known here; nothing has been kept as that
          lesson.json | "steps": [ | "steps": [, | 3 | Unexpected character
          lesson.json | "order": 1, | "order": 1, "order": 2, | 2 | Duplicate
          en.md | # A lesson | A lesson | 1 | the first line must be the lesson's title: # Title
          en.md | {#look} | {#lok} | 3 | lesson.json has no step "lok"; did you mean "look"?
          en.md | ## Act {#act} | ## Act | 16 | a heading must be "## Title {#step-id}" or, below one, "### Title {#part}"
          en.md | - two | more | 7 | step "look" has 2 options in lesson.json but 1 here
          en.md | {#hints} | {#hint} | 24 | step "act" has no part {#hint}; did you mean "hints"?
          en.md | really {{pid}} | really {{pd}} | 12 | {{pd}} is not known here; did you mean "pid"?
          en.md | - two | - {{pid}} | 7 | {{pid}} is not known here; nothing is yet
          """)
  void namesFileLineAndCure(String file, String right, String wrong, int line, String message)
      throws IOException {
    folder.with(file, right, wrong);

    Problem problem = problems().getFirst();

    assertThat(problem.message()).startsWith(message);
    assertThat(problem.toString()).startsWith(folder.path().resolve(file) + ":" + line + ": ");
    assertThat(problem.message()).doesNotContain("\n");
  }

  @Test
  void aStepKeepsTheViewOfTheOneBefore() throws IOException, LessonFormatException {
    folder.with("lesson.json", "\"id\": \"look\"", "\"id\": \"look\", \"view\": \"files\"");

    assertThat(LessonLoader.folder(folder.path()).lesson().steps())
        .extracting(LessonStep::view)
        .containsExactly(View.FILES, View.FILES);
  }

  @Test
  void readsWhatAContainerIsToBe() throws IOException, LessonFormatException {
    folder.with(
        "lesson.json",
        "\"pid\", \"mnt\"]",
        "\"pid\", \"mnt\"], \"init-layer\": true, \"volumes\": [\"/data\"], \"hardening\": \"usual\","
            + " \"limits\": { \"memory\": \"64m\", \"cpus\": \"0.2\", \"pids\": 32 }");

    Action first =
        LessonLoader.folder(folder.path()).lesson().steps().getFirst().actions().getFirst();

    assertThat(first)
        .isInstanceOfSatisfying(
            Action.Start.class,
            start -> {
              assertThat(start.initLayer()).isTrue();
              assertThat(start.volumes()).containsExactly("/data");
              assertThat(start.hardened()).isTrue();
              assertThat(start.limits())
                  .isEqualTo(Limits.NONE.withMemoryBytes(64 << 20).withCpus(0.2).withPids(32));
            });
  }

  @Test
  void findsWhatAStepLacks() throws IOException {
    folder.with("en.md", "### Then {#after}\n\nDone.\n", "");

    assertThat(problems())
        .extracting(Problem::message)
        .containsExactly("step \"act\" needs the part \"### … {#after}\"");
  }

  @Test
  void findsStepsInTheWrongOrder() throws IOException {
    String prose = Files.readString(folder.path().resolve("en.md"));
    int act = prose.indexOf("## Act");
    int look = prose.indexOf("## Look");
    Files.writeString(
        folder.path().resolve("en.md"),
        prose.substring(0, look) + prose.substring(act) + prose.substring(look, act));

    assertThat(problems())
        .extracting(Problem::message)
        .containsExactly("step \"act\" stands where lesson.json has \"look\"");
  }

  @Test
  void findsMissingAndStrayFiles() throws IOException {
    Files.move(folder.path().resolve("en.md"), folder.path().resolve("words.txt"));

    assertThat(problems())
        .extracting(Problem::message)
        .satisfiesExactly(
            stray -> assertThat(stray).startsWith("stray file"),
            missing -> assertThat(missing).startsWith("the file is missing"));
  }

  @Test
  void saysWhatIsNotAFolder() {
    LessonFormatException e =
        catchThrowableOfType(
            LessonFormatException.class, () -> LessonLoader.folder(Path.of("no-such-lesson")));

    assertThat(e)
        .hasMessage("no-such-lesson:1: not a folder; a lesson is a folder with a lesson.json");
  }

  private List<Problem> problems() {
    return catchThrowableOfType(
            LessonFormatException.class, () -> LessonLoader.folder(folder.path()))
        .problems();
  }
}
