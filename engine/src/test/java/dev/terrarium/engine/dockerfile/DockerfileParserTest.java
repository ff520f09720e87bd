package dev.terrarium.engine.dockerfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Dockerfiles are understood with the place of every word, and refused with what is right. */
class DockerfileParserTest {
  private static final Path FIXTURES = Path.of("src/test/resources/dockerfile");

  static List<String> right() throws IOException {
    return names("right");
  }

  static List<String> wrong() throws IOException {
    return names("wrong");
  }

  private static List<String> names(String folder) throws IOException {
    try (Stream<Path> files = Files.list(FIXTURES.resolve(folder))) {
      return files
          .map(file -> folder + "/" + file.getFileName())
          .filter(name -> name.endsWith(".Dockerfile"))
          .map(name -> name.substring(0, name.lastIndexOf('.')))
          .sorted()
          .toList();
    }
  }

  private static String text(String name) throws IOException {
    return Files.readString(FIXTURES.resolve(name));
  }

  @ParameterizedTest
  @MethodSource
  void right(String name) throws IOException {
    Dockerfile file = Dockerfile.parse("Dockerfile", text(name + ".Dockerfile"));
    assertThat(told(file)).isEqualTo(text(name + ".expected"));
  }

  @ParameterizedTest
  @MethodSource
  void wrong(String name) throws IOException {
    String text = text(name + ".Dockerfile");
    assertThatThrownBy(() -> Dockerfile.parse("Dockerfile", text))
        .isInstanceOf(DockerfileException.class)
        .hasMessage(text(name + ".expected").stripTrailing());
  }

  @Test
  void aStageIsFoundByNameByNumberAndOnlyBeforeItsUse() {
    Dockerfile file =
        Dockerfile.parse("Dockerfile", "FROM a AS one\nFROM b AS Two\nFROM c\nFROM d AS one\n");
    assertThat(file.stageBefore(2, "TWO")).map(Stage::index).contains(1);
    assertThat(file.stageBefore(3, "2")).map(Stage::index).contains(2);
    assertThat(file.stageBefore(1, "two")).isEmpty();
    assertThat(file.stageBefore(4, "one")).map(Stage::index).contains(3);
    assertThat(file.stageBefore(3, "one")).map(Stage::index).contains(0);
  }

  // All of a Dockerfile as text, a line for each instruction.

  private static String told(Dockerfile file) {
    List<String> lines = new ArrayList<>();
    new TreeMap<>(file.directives())
        .forEach((key, value) -> lines.add("directive " + key + " " + value));
    file.global().forEach(arg -> lines.add(told(arg)));
    for (Stage stage : file.stages()) {
      lines.add(told(stage.from()));
      stage.instructions().forEach(instruction -> lines.add(told(instruction)));
    }
    file.warnings().forEach(warning -> lines.add("warning " + warning.at() + " " + warning.text()));
    return String.join("\n", lines) + "\n";
  }

  private static String told(Instruction instruction) {
    Source source = instruction.source();
    return source.at() + "-" + source.lastLine() + " " + told((Object) instruction);
  }

  private static String told(Object value) {
    return switch (value) {
      case Word word -> word.text() + "@" + word.at();
      case Position at -> at.toString();
      case String text ->
          "\""
              + text.replace("\\", "\\\\")
                  .replace("\"", "\\\"")
                  .replace("\n", "\\n")
                  .replace("\t", "\\t")
              + "\"";
      case Optional<?> optional ->
          optional.map(inside -> inside instanceof String text ? text : told(inside)).orElse("-");
      case OptionalInt number -> number.isPresent() ? "" + number.getAsInt() : "-";
      case List<?> list ->
          list.stream().map(DockerfileParserTest::told).collect(Collectors.joining(", ", "[", "]"));
      case Record tuple ->
          tuple.getClass().getSimpleName()
              + Stream.of(tuple.getClass().getRecordComponents())
                  .filter(component -> component.getType() != Source.class)
                  .map(component -> " " + component.getName() + "=" + get(tuple, component))
                  .collect(Collectors.joining());
      default -> value.toString();
    };
  }

  private static String get(Record tuple, RecordComponent component) {
    try {
      return told(component.getAccessor().invoke(tuple));
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }
}
