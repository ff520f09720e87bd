package dev.terrarium.engine.dockerfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code .dockerignore} leaves out. */
class PathPatternsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          temp              | temp            | true
          temp              | temp/a          | true
          temp              | a/temp          | false
          /temp/            | temp/b/c        | true
          ./temp            | temp            | true
          */temp*           | a/temporary.txt | true
          */temp*           | temporary.txt   | false
          */*/temp*         | a/b/temp        | true
          temp?             | tempa           | true
          temp?             | temp            | false
          *.md              | README.md       | true
          *.md              | docs/README.md  | false
          **/*.md           | README.md       | true
          **/*.md           | docs/a/READ.md  | true
          docs/**           | docs/a/b        | true
          docs/**           | docs            | false
          **                | a/b             | true
          a/**/z            | a/z             | true
          a/**/z            | a/b/c/z         | true
          a.b               | axb             | false
          [a-c].txt         | b.txt           | true
          [^a-c].txt        | b.txt           | false
          \\*               | *               | true
          \\*               | a               | false
          a/../b            | b               | true
          """)
  void aPattern(String pattern, String path, boolean leavesOut) {
    assertThat(PathPatterns.of(".dockerignore", List.of(pattern)).leavesOut(path))
        .isEqualTo(leavesOut);
  }

  @Test
  void theLastPatternThatFitsDecides() {
    PathPatterns patterns =
        PathPatterns.of(
            ".dockerignore", List.of("# all but", "", "*.md", "!README*.md", "README-secret.md"));
    assertThat(patterns.leavesOut("a.md")).isTrue();
    assertThat(patterns.leavesOut("README.md")).isFalse();
    assertThat(patterns.leavesOut("README-secret.md")).isTrue();
  }

  @Test
  void whatIsInAFolderThatIsLeftOutCanBeTakenInAgain() {
    PathPatterns patterns = PathPatterns.of(".dockerignore", List.of("*", "!src", "src/*.o"));
    assertThat(patterns.leavesOut("Makefile")).isTrue();
    assertThat(patterns.leavesOut("src/a.c")).isFalse();
    assertThat(patterns.leavesOut("src/a.o")).isTrue();
    assertThat(patterns.mayTakeIn()).isTrue();
  }

  @Test
  void aLineThatIsNoPatternIsNamed() {
    assertThatThrownBy(() -> PathPatterns.of(".dockerignore", List.of("ok", "a[b")))
        .hasMessage(".dockerignore:2:1: the [ in \"a[b\" has no ]");
    assertThatThrownBy(() -> PathPatterns.of(".dockerignore", List.of("! ")))
        .hasMessage(".dockerignore:1:1: ! needs a pattern after it: !README.md");
  }
}
