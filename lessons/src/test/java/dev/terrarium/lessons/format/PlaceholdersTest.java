package dev.terrarium.lessons.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class PlaceholdersTest {

  @Test
  void fillsWhatIsKnownAndNamesWhatIsNot() {
    assertThat(Placeholders.fill("kill {{ pid }} {{child}} $$ ${x} \\1", Map.of("pid", "$1")))
        .isEqualTo("kill $1 <child> $$ ${x} \\1");
    assertThat(Placeholders.names("{{b}} {{a}} {{b}} {c}")).containsExactly("b", "a");
  }
}
