package dev.terrarium.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/** What docs/security.md calls a proof is one: a test of that name is there, and runs. */
class SecurityTableTest {
  private static final Pattern PROOF = Pattern.compile("`([A-Z]\\w+Test)(?:\\.(\\w+))?`");
  private static final Path TESTS = Path.of("target/test-classes");

  private static List<String> rows() throws IOException {
    return Files.readAllLines(Path.of("../docs/security.md")).stream()
        .filter(line -> line.startsWith("| ") && !line.startsWith("| attack"))
        .toList();
  }

  @Test
  void everyAttackHasAProof() throws IOException {
    assertThat(rows()).hasSizeGreaterThan(30).allMatch(row -> PROOF.matcher(row).find());
  }

  @Test
  void everyProofIsATestThatIsThere() throws Exception {
    for (String row : rows()) {
      for (MatchResult proof : PROOF.matcher(row).results().toList()) {
        Class<?> test = named(proof.group(1));
        if (proof.group(2) != null) {
          assertThat(tests(test)).as(row).contains(proof.group(2));
        } else {
          assertThat(tests(test)).as(row).isNotEmpty();
        }
      }
    }
  }

  private static Class<?> named(String simpleName) throws IOException, ClassNotFoundException {
    try (Stream<Path> classes = Files.walk(TESTS)) {
      Path file =
          classes
              .filter(path -> path.endsWith(simpleName + ".class"))
              .findFirst()
              .orElseThrow(() -> new AssertionError("there is no " + simpleName));
      String path = TESTS.relativize(file).toString();
      return Class.forName(path.substring(0, path.length() - 6).replace('/', '.'));
    }
  }

  private static List<String> tests(Class<?> type) {
    return Arrays.stream(type.getDeclaredMethods())
        .filter(method ->
            method.isAnnotationPresent(Test.class)
                || method.isAnnotationPresent(ParameterizedTest.class))
        .map(Method::getName)
        .toList();
  }
}
