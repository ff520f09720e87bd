package dev.terrarium.engine.dockerfile;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a Dockerfile line by line: parser directives, comments, continuations, heredocs. Source:
 * Dockerfile reference, "Format" and "Parser directives".
 */
final class Lines {
  private static final Pattern DIRECTIVE =
      Pattern.compile("#\\s*([a-zA-Z][a-zA-Z0-9]*)\\s*=\\s*(.+?)\\s*");

  private final String file;
  private final List<String> lines;
  private final Map<String, String> directives = new TreeMap<>();
  private final char escape;
  private int next;

  Lines(String file, String text) {
    this.file = file;
    String plain = text.startsWith("\ufeff") ? text.substring(1) : text;
    this.lines = plain.lines().toList();
    this.escape = readDirectives();
  }

  /** They stand before everything else; what looks like one later is a comment. */
  private char readDirectives() {
    char found = '\\';
    for (String line : lines) {
      Matcher matcher = DIRECTIVE.matcher(line);
      if (!matcher.matches()) {
        return found;
      }
      next++;
      String name = matcher.group(1).toLowerCase(Locale.ROOT);
      String value = matcher.group(2);
      Position at = new Position(next, 1);
      if (directives.putIfAbsent(name, value) != null) {
        throw new DockerfileException(file, at, "the directive " + name + " is given twice");
      }
      if (name.equals("escape")) {
        if (!value.equals("\\") && !value.equals("`")) {
          throw new DockerfileException(
              file, at, "escape=%s: it is \\ or a backtick".formatted(value));
        }
        found = value.charAt(0);
      }
    }
    return found;
  }

  Map<String, String> directives() {
    return directives;
  }

  char escape() {
    return escape;
  }

  /** The number of the line that was read last. */
  int number() {
    return next;
  }

  /** The next instruction, continuations joined; empty at the end. */
  Optional<LogicalLine> next() {
    while (next < lines.size() && isNothing(lines.get(next))) {
      next++;
    }
    if (next == lines.size()) {
      return Optional.empty();
    }
    LogicalLine joined = new LogicalLine();
    String first = lines.get(next);
    int column = first.length() - first.stripLeading().length();
    boolean goesOn = add(joined, first, column);
    while (goesOn && next < lines.size()) {
      String line = lines.get(next);
      // A comment, or an empty line, does not end what it stands in.
      if (isNothing(line)) {
        next++;
      } else {
        goesOn = add(joined, line, 0);
      }
    }
    return Optional.of(joined);
  }

  private static boolean isNothing(String line) {
    String stripped = line.strip();
    return stripped.isEmpty() || stripped.startsWith("#");
  }

  /** Whether it goes on in the next line: an escape at its end that is not escaped itself. */
  private boolean add(LogicalLine joined, String line, int from) {
    next++;
    String kept = line.stripTrailing();
    int last = kept.length() - 1;
    boolean goesOn =
        last >= from
            && kept.charAt(last) == escape
            && (last == from || kept.charAt(last - 1) != escape);
    joined.add(goesOn ? kept.substring(from, last) : kept.substring(from), next, from + 1);
    return goesOn;
  }

  /** The lines up to the one that is the heredoc's name. */
  Heredoc heredoc(String name, boolean expands, boolean chomps, Position at) {
    StringBuilder text = new StringBuilder();
    while (next < lines.size()) {
      String line = lines.get(next++);
      if ((chomps ? line.replaceFirst("^\t+", "") : line).equals(name)) {
        return new Heredoc(name, text.toString(), expands, chomps, at);
      }
      text.append(line).append('\n');
    }
    throw new DockerfileException(
        file, at, "the heredoc <<%s has no end: a line that is just %s".formatted(name, name));
  }
}
