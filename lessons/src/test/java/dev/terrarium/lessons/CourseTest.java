package dev.terrarium.lessons;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.terrarium.lessons.check.LessonCheck;
import dev.terrarium.lessons.format.Lesson;
import dev.terrarium.lessons.format.LessonFormatException;
import dev.terrarium.lessons.format.LessonLoader;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every lesson that ships with Terrarium. */
class CourseTest {

  private static final List<String> LANGUAGES = List.of("en", "zh");

  static List<String> ids() {
    return LessonLoader.builtInIds();
  }

  @Test
  void beginsWithThePid1Illusion() {
    Course course = Course.load();

    assertThat(course.lessons()).isNotEmpty();
    assertThat(course.lessons().getFirst().id()).isEqualTo("pid-1-illusion");
    assertThat(course.parts().getFirst().title("zh")).isEqualTo("换了一双眼睛的进程");
    assertThat(course.parts().getFirst().title("xx")).isEqualTo("A process with different eyes");
    assertThat(course.lessons()).hasSameSizeAs(ids());
  }

  @Test
  void theIndexNamesEveryLessonThatIsThere() throws IOException, URISyntaxException {
    URL index = Objects.requireNonNull(Course.class.getResource("/lessons/index"));
    Path folder = Objects.requireNonNull(Path.of(index.toURI()).getParent());
    try (Stream<Path> entries = Files.list(folder)) {
      assertThat(entries.filter(Files::isDirectory).map(p -> p.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(ids());
    }
  }

  @ParameterizedTest
  @MethodSource("ids")
  void hasAllLanguagesAndNoProblems(String id) throws LessonFormatException {
    assertThat(LessonLoader.builtIn(id).lesson().titles()).containsOnlyKeys(LANGUAGES);
    assertThat(LessonCheck.problems(LessonLoader.builtIn(id))).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("ids")
  void languagesHaveTheSameShapeAndEverythingBeyondIsAnError(String id)
      throws LessonFormatException {
    Lesson lesson = LessonLoader.builtIn(id).lesson();
    for (int step = 0; step < lesson.steps().size(); step++) {
      assertThat(lesson.prose("zh", step).options())
          .hasSameSizeAs(lesson.prose("en", step).options());
      assertThat(lesson.prose("zh", step).hints()).hasSameSizeAs(lesson.prose("en", step).hints());
      assertThat(lesson.prose("zh", step).before()).isNotEqualTo(lesson.prose("en", step).before());
    }
  }

  @ParameterizedTest
  @MethodSource("ids")
  void fitsThePublishedSchema(String id) throws IOException {
    assertThat(validate(resource("/lessons/" + id + "/lesson.json"))).isEmpty();
  }

  @Test
  void theSchemaRefusesWhatTheLoaderRefuses() throws IOException {
    String right = resource("/lessons/pid-1-illusion/lesson.json");

    assertThat(validate(right.replace("\"ask\"", "\"aks\""))).isNotEmpty();
    assertThat(validate(right.replace("\"order\": 1,", ""))).isNotEmpty();
    assertThat(validate(right.replace("\"uts\"", "\"hostname\""))).isNotEmpty();
  }

  private static List<Error> validate(String json) throws IOException {
    Schema schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(resource("/lessons/lesson.schema.json"));
    return schema.validate(json, InputFormat.JSON);
  }

  private static String resource(String name) throws IOException {
    try (InputStream stream = Objects.requireNonNull(Course.class.getResourceAsStream(name))) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
