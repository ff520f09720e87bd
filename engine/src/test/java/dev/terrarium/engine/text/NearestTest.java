package dev.terrarium.engine.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class NearestTest {

  private static final List<String> OPTIONS = List.of("--hostname", "--env", "--workdir", "--ns");

  @Test
  void findsTheWordWithTheFewestChangedLetters() {
    assertThat(Nearest.to("--hostnmae", OPTIONS)).contains("--hostname");
    assertThat(Nearest.to("--work-dir", OPTIONS)).contains("--workdir");
    assertThat(Nearest.to("--sn", OPTIONS)).contains("--ns");
  }

  @Test
  void doesNotGuessWhatIsNothingLikeIt() {
    assertThat(Nearest.to("--memory", OPTIONS)).isEmpty();
    assertThat(Nearest.to("", OPTIONS)).isEmpty();
  }

  @Test
  void countsLettersPutInLeftOutExchangedAndSwapped() {
    assertThat(Nearest.distance("kitten", "sitting")).isEqualTo(3);
    assertThat(Nearest.distance("claen", "clean")).isEqualTo(1);
    assertThat(Nearest.distance("", "abc")).isEqualTo(3);
    assertThat(Nearest.distance("same", "same")).isZero();
  }
}
