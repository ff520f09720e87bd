package dev.terrarium.assets;

/** A language that every text of the workbench exists in. */
public enum Language {
  ENGLISH("en", "English"),
  CHINESE("zh", "中文");

  private final String code;
  private final String endonym;

  Language(String code, String endonym) {
    this.code = code;
    this.endonym = endonym;
  }

  /** Its ISO 639-1 code, which is also the suffix of its files: {@code en}, {@code zh}. */
  public String code() {
    return code;
  }

  /** Its name in itself, as a language switch shows it. */
  public String endonym() {
    return endonym;
  }

  /** The one that a key press leads to. */
  public Language next() {
    return switch (this) {
      case ENGLISH -> CHINESE;
      case CHINESE -> ENGLISH;
    };
  }

  /** The language of that code or locale ({@code zh}, {@code zh_CN}), English if there is none. */
  public static Language of(String codeOrLocale) {
    for (Language language : values()) {
      if (codeOrLocale.equals(language.code)
          || codeOrLocale.startsWith(language.code + "_")
          || codeOrLocale.startsWith(language.code + "-")) {
        return language;
      }
    }
    return ENGLISH;
  }
}
