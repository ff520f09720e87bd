package dev.terrarium.app.cli;

import dev.terrarium.assets.Language;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The language of lessons. */
final class LanguageOption {
  @Option(
      names = "--lang",
      paramLabel = "en|zh",
      description = "The language. Default: the locale's, else English.")
  private @Nullable String code;

  /** What was asked for, else what the locale says, as setlocale(3) finds it. */
  Language chosen() {
    if (code == null) {
      return ofLocale(System.getenv());
    }
    String wanted = code;
    return Arrays.stream(Language.values())
        .filter(language -> language.code().equals(wanted))
        .findFirst()
        .orElseThrow(() ->
            Failure.usage(
                "--lang: there is no '%s'; it is one of %s"
                    .formatted(
                        wanted,
                        Arrays.stream(Language.values())
                            .map(Language::code)
                            .collect(Collectors.joining(", ")))));
  }

  static Language ofLocale(Map<String, String> env) {
    return Stream.of("LC_ALL", "LC_MESSAGES", "LANG")
        .map(name -> env.getOrDefault(name, ""))
        .filter(value -> !value.isEmpty())
        .findFirst()
        .map(Language::of)
        .orElse(Language.ENGLISH);
  }
}
