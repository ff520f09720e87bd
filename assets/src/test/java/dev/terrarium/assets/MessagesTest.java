package dev.terrarium.assets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class MessagesTest {

  private static final Pattern ARGUMENT = Pattern.compile("\\{\\d}");

  private final Messages english = new Messages(Language.ENGLISH);
  private final Messages chinese = new Messages(Language.CHINESE);

  @Test
  void bothLanguagesSayTheSameThings() {
    assertThat(new TreeSet<>(chinese.keys())).isEqualTo(new TreeSet<>(english.keys()));
    assertThat(english.keys()).hasSizeGreaterThan(60);
  }

  @Test
  void bothLanguagesTakeTheSameArguments() {
    for (String key : english.keys()) {
      assertThat(arguments(chinese.text(key))).as(key).isEqualTo(arguments(english.text(key)));
      // What stands between two sentences is a blank in English and nothing in Chinese.
      if (!key.endsWith(".gap")) {
        assertThat(english.text(key)).as(key).isNotBlank();
        assertThat(chinese.text(key)).as(key).isNotBlank();
      }
    }
  }

  @Test
  void numbersAreNames() {
    assertThat(english.text("timeline.where", 3, 4026532601L)).isEqualTo("Step 3 of 4026532601");
  }

  @Test
  void anUnknownKeyIsASlip() {
    assertThatThrownBy(() -> english.text("no.such.key"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no.such.key");
  }

  @Test
  void localesChooseTheirLanguage() {
    assertThat(Language.of("zh_CN.UTF-8")).isEqualTo(Language.CHINESE);
    assertThat(Language.of("zh")).isEqualTo(Language.CHINESE);
    assertThat(Language.of("C")).isEqualTo(Language.ENGLISH);
  }

  private static Set<String> arguments(String text) {
    TreeSet<String> found = new TreeSet<>();
    ARGUMENT.matcher(text).results().map(MatchResult::group).forEach(found::add);
    return found;
  }
}
