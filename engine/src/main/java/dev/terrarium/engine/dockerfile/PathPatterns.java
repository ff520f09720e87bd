package dev.terrarium.engine.dockerfile;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Which paths a list of patterns leaves out: what is in {@code .dockerignore}, or in {@code
 * --exclude}. The last pattern that fits a path, or a folder that it is in, decides; one with
 * {@code !} takes it in again. Source: Dockerfile reference, ".dockerignore file".
 */
public final class PathPatterns {
  /** Leaves nothing out. */
  public static final PathPatterns NONE = new PathPatterns(List.of());

  private record Rule(Pattern pattern, boolean takesIn) {}

  private final List<Rule> rules;

  private PathPatterns(List<Rule> rules) {
    this.rules = rules;
  }

  /**
   * From the lines of a {@code .dockerignore}.
   *
   * @param file as messages are to name it
   * @throws DockerfileException if a line is no pattern
   */
  public static PathPatterns of(String file, List<String> lines) {
    List<Rule> rules = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.startsWith("#") || line.isBlank()) {
        continue;
      }
      String pattern = line.strip();
      boolean takesIn = pattern.startsWith("!");
      String plain = clean(takesIn ? pattern.substring(1).strip() : pattern);
      if (plain.isEmpty()) {
        if (takesIn) {
          throw new DockerfileException(
              file, new Position(i + 1, 1), "! needs a pattern after it: !README.md");
        }
        continue;
      }
      try {
        rules.add(new Rule(Globs.path(plain), takesIn));
      } catch (IllegalArgumentException e) {
        throw new DockerfileException(file, new Position(i + 1, 1), String.valueOf(e.getMessage()));
      }
    }
    return new PathPatterns(List.copyOf(rules));
  }

  /** Paths begin at the context, whether they say so or not. */
  private static String clean(String pattern) {
    List<String> kept = new ArrayList<>();
    for (String part : pattern.split("/")) {
      if (part.equals("..")) {
        if (!kept.isEmpty()) {
          kept.removeLast();
        }
      } else if (!part.isEmpty() && !part.equals(".")) {
        kept.add(part);
      }
    }
    return String.join("/", kept);
  }

  /**
   * Whether it is left out.
   *
   * @param path relative, without a slash at its ends
   */
  public boolean leavesOut(String path) {
    boolean out = false;
    for (Rule rule : rules) {
      if (rule.takesIn() == out && fits(rule.pattern(), path)) {
        out = !rule.takesIn();
      }
    }
    return out;
  }

  private static boolean fits(Pattern pattern, String path) {
    for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
      if (pattern.matcher(path.substring(0, slash)).matches()) {
        return true;
      }
    }
    return pattern.matcher(path).matches();
  }

  /** Whether something below a folder that is left out may be taken in again. */
  public boolean mayTakeIn() {
    return rules.stream().anyMatch(Rule::takesIn);
  }

  /** Whether a source of COPY has wildcards. */
  public static boolean isPattern(String path) {
    return path.chars().anyMatch(c -> c == '*' || c == '?' || c == '[');
  }

  /**
   * What a source with wildcards fits.
   *
   * @throws IllegalArgumentException if a bracket has no end
   */
  public static Pattern pattern(String path) {
    return Globs.path(clean(path));
  }
}
