package dev.terrarium.lessons.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrarium.lessons.format.LessonFolder;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LessonCheckTest {

  @TempDir private Path parent;
  private LessonFolder folder;

  @BeforeEach
  void writeARightLesson() throws IOException {
    folder = LessonFolder.in(parent);
  }

  @Test
  void aRightLessonHasNoProblems() {
    assertThat(LessonCheck.problems(folder.path())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          container.pid" | container.pdi" | 8 | step "look", predict.options[1]: undefined field 'pdi' at column 10
          kept.number | kept.nummer | 7 | step "look", predict.observe: nothing has been kept as "nummer" by then; kept: number
          processes.size() > 1 | processes.size() | 18 | step "act", your-turn.check: must be true or false, not int
          processes.size() > 1 | processes.size() > '1' | 18 | step "act", your-turn.check: found no matching overload for '>' applied to '(int, string)' at column 28
          """)
  void namesStepAndPlaceOfAWrongExpression(String right, String wrong, int line, String message)
      throws IOException {
    folder.with("lesson.json", right, wrong);

    assertThat(LessonCheck.problems(folder.path()))
        .singleElement()
        .satisfies(problem -> {
          assertThat(problem.message()).isEqualTo(message);
          assertThat(problem.line()).isEqualTo(line);
        });
  }
}
