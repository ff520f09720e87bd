package dev.terrarium.engine.dockerfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Variables, quotes and escapes in a word. */
class SubstitutionTest {
  private static final Map<String, String> SET =
      Map.of("name", "value", "empty", "", "list", "a b  c", "path", "a/b/a.tar.gz");

  private static Substitution with(char escape) {
    return new Substitution("Dockerfile", escape, name -> Optional.ofNullable(SET.get(name)));
  }

  private static Word word(String text) {
    return new Word(text, new Position(3, 5));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          plain                     | plain
          $name                     | value
          ${name}s                  | values
          $names                    | ~~
          a-$name-b                 | a-value-b
          $                         | $
          $-                        | $-
          \\$name                   | $name
          \\\\$name                 | \\value
          '$name'                   | $name
          "$name"                   | value
          "\\$name \\" \\n"         | $name " \\n
          'a "b" c'                 | a "b" c
          a"b c"d                   | ab cd
          ${gone:-x}                | x
          ${empty:-x}               | x
          ${name:-x}                | value
          ${gone-x}                 | x
          ${empty-x}                | ~~
          ${name:+x}                | x
          ${empty:+x}               | ~~
          ${empty+x}                | x
          ${gone+x}                 | ~~
          ${gone:-${name}/$name}    | value/value
          ${gone:-"a } b"}          | a } b
          ${name:?needed}           | value
          ${path#*/}                | b/a.tar.gz
          ${path##*/}               | a.tar.gz
          ${path%.*}                | a/b/a.tar
          ${path%%.*}               | a/b/a
          ${path/a/x}               | x/b/a.tar.gz
          ${path//a/x}              | x/b/x.txr.gz
          ${name#nothing}           | value
          """)
  void aWordMeans(String written, String meant) {
    assertThat(with('\\').of(word(written))).isEqualTo(meant);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          a'b           | Dockerfile:3:6: a ' without its end
          a"b           | Dockerfile:3:6: a " without its end
          x${name       | Dockerfile:3:6: ${name: its } is missing, or what is in it is not known here
          ${name^^}     | Dockerfile:3:5: ${name: its } is missing, or what is in it is not known here
          ${}           | Dockerfile:3:5: ${ needs a name after it: ${NAME}
          ${gone:?set it} | Dockerfile:3:5: gone: set it
          ${gone?}      | Dockerfile:3:5: gone: it must be set
          """)
  void aWordIsRefused(String written, String message) {
    assertThatThrownBy(() -> with('\\').of(word(written)))
        .isInstanceOf(DockerfileException.class)
        .hasMessage(message);
  }

  @Test
  void anotherEscapeLeavesBackslashesAlone() {
    assertThat(with('`').of(word("C:\\$name`$name"))).isEqualTo("C:\\value$name");
  }

  @Test
  void unquotedBlanksOfAVariableDivide() {
    assertThat(with('\\').wordsOf(word("${list}"))).containsExactly("a", "b", "c");
    assertThat(with('\\').wordsOf(word("$gone"))).isEmpty();
  }

  @Test
  void inTheTextOfAHeredocQuotesStay() {
    assertThat(with('\\').ofText("\"$name\" '\\$name' \\n\n", new Position(1, 1)))
        .isEqualTo("\"value\" '$name' \\n\n");
  }
}
