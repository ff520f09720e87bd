package dev.terrarium.assets;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class StylesTest {

  private static final Pattern DEFINED = Pattern.compile("(?m)^\\s*(-t-[a-z-]+):");
  private static final Pattern USED = Pattern.compile("-t-[a-z-]+");
  private static final Pattern RAW_COLOUR =
      Pattern.compile(
          "(?i)#[0-9a-f]{3,8}\\b|rgba?\\(|hsba?\\(|[: ](white|black|red|green|blue|gr[ae]y)\\s*[;,]");

  @Test
  void bothPalettesColourTheSameTokens() throws IOException {
    Set<String> light = all(DEFINED, read(Palette.LIGHT.stylesheet()), 1);
    assertThat(all(DEFINED, read(Palette.DARK.stylesheet()), 1)).isEqualTo(light);
    assertThat(light).hasSizeGreaterThan(50);
  }

  @Test
  void componentsNameTokensThatExistAndNoColours() throws IOException {
    Set<String> defined = all(DEFINED, read(Palette.LIGHT.stylesheet()), 1);
    List<String> components = Resources.componentStylesheets();
    assertThat(components).hasSize(8);
    for (String sheet : components) {
      String css = read(sheet).replaceAll("(?s)/\\*.*?\\*/", "");
      assertThat(all(RAW_COLOUR, css, 0)).as("raw colours in " + sheet).isEmpty();
      assertThat(defined).as("tokens of " + sheet).containsAll(all(USED, css, 0));
    }
  }

  @Test
  void everyFontIsThere() throws IOException {
    for (String font : Resources.fonts()) {
      try (InputStream in = URI.create(font).toURL().openStream()) {
        assertThat(in.readNBytes(4)).as(font).hasSize(4);
      }
    }
  }

  private static Set<String> all(Pattern pattern, String css, int group) {
    Set<String> found = new TreeSet<>();
    pattern.matcher(css).results().map((MatchResult r) -> r.group(group)).forEach(found::add);
    return found;
  }

  private static String read(String url) throws IOException {
    try (InputStream in = URI.create(url).toURL().openStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
