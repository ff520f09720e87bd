package dev.terrarium.engine.dockerfile;

import java.util.regex.Pattern;

/** Patterns with wildcards as regular expressions. */
final class Globs {
  private Globs() {}

  /** {@code *} and {@code ?} for any characters, as in a shell's {@code ${name#pattern}}. */
  static Pattern wildcard(String glob) {
    return Pattern.compile(translate(glob, ".*", "."), Pattern.DOTALL);
  }

  /**
   * The same for paths: neither crosses a slash, {@code **} does. Source: Go's path/filepath,
   * Match; Dockerfile reference, ".dockerignore file".
   *
   * @throws IllegalArgumentException if a bracket has no end
   */
  static Pattern path(String glob) {
    StringBuilder regex = new StringBuilder();
    int next = 0;
    while (next < glob.length()) {
      int stars = glob.indexOf("**", next);
      int end = stars < 0 ? glob.length() : stars;
      regex.append(translate(glob.substring(next, end), "[^/]*", "[^/]"));
      if (stars < 0) {
        break;
      }
      next = stars + 2;
      if (glob.startsWith("/", next)) {
        // Any number of folders, none among them.
        regex.append("(?:.*/)?");
        next++;
      } else {
        regex.append(".*");
      }
    }
    return Pattern.compile(regex.toString(), Pattern.DOTALL);
  }

  private static String translate(String glob, String any, String one) {
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < glob.length(); i++) {
      char c = glob.charAt(i);
      switch (c) {
        case '*' -> regex.append(any);
        case '?' -> regex.append(one);
        case '[' -> {
          int end = classEnd(glob, i);
          regex.append(characterClass(glob.substring(i + 1, end)));
          i = end;
        }
        case '\\' -> {
          if (i + 1 < glob.length()) {
            i++;
          }
          regex.append(Pattern.quote(glob.substring(i, i + 1)));
        }
        default -> regex.append(Pattern.quote(String.valueOf(c)));
      }
    }
    return regex.toString();
  }

  private static int classEnd(String glob, int from) {
    for (int i = from + 2; i < glob.length(); i++) {
      if (glob.charAt(i) == ']' && glob.charAt(i - 1) != '\\') {
        return i;
      }
    }
    throw new IllegalArgumentException("the [ in \"" + glob + "\" has no ]");
  }

  private static String characterClass(String inside) {
    boolean not = inside.startsWith("^");
    String members = (not ? inside.substring(1) : inside).replaceAll("([\\[&^])", "\\\\$1");
    return "(?!/)[" + (not ? "^" : "") + members + "]";
  }
}
