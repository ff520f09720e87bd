package dev.terrarium.engine.dockerfile;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Replaces variables in a word and takes away its quotes, as a shell would. Source: Dockerfile
 * reference, "Environment replacement".
 *
 * <pre>
 *   $name  ${name}          what it is; nothing if it is not set
 *   ${name:-word}           word if it is not set or empty;   ${name-word} if it is not set
 *   ${name:+word}           word if it is set and not empty;  ${name+word} if it is set
 *   ${name:?message}        an error if it is not set or empty; ${name?message} if it is not set
 *   ${name#pattern} ##      without the shortest, longest prefix
 *   ${name%pattern} %%      without the shortest, longest suffix
 *   ${name/pattern/word} // with the first, each, replaced
 * </pre>
 */
public final class Substitution {
  private final String file;
  private final char escape;
  private final Function<String, Optional<String>> variables;

  /**
   * For the words of one file.
   *
   * @param variables what each is; empty if it is not set
   */
  public Substitution(Dockerfile file, Function<String, Optional<String>> variables) {
    this(file.file(), file.escape(), variables);
  }

  Substitution(String file, char escape, Function<String, Optional<String>> variables) {
    this.file = file;
    this.escape = escape;
    this.variables = variables;
  }

  /**
   * What a word means.
   *
   * @throws DockerfileException if it cannot be understood, or a variable must be set and is not
   */
  public String of(Word word) {
    return new Reading(word).all(Mode.QUOTES_GO);
  }

  /** The words that it means: unquoted blanks divide. */
  public List<String> wordsOf(Word word) {
    String all = new Reading(word).all(Mode.BLANKS_DIVIDE);
    return all.isEmpty() ? List.of() : List.of(all.split(DIVIDER));
  }

  /** In a text that is no shell word: quotes are left, an escape counts before a dollar only. */
  public String ofText(String text, Position at) {
    return new Reading(new Word(text, at)).all(Mode.QUOTES_STAY);
  }

  private enum Mode {
    QUOTES_GO,
    QUOTES_STAY,
    BLANKS_DIVIDE
  }

  /** No argument of a program can hold it. */
  private static final String DIVIDER = "\0";

  private final class Reading {
    private final Word word;
    private final String text;
    private int next;

    Reading(Word word) {
      this.word = word;
      this.text = word.text();
    }

    private DockerfileException wrong(String problem) {
      return new DockerfileException(
          file, new Position(word.at().line(), word.at().column() + next), problem);
    }

    String all(Mode mode) {
      StringBuilder out = new StringBuilder();
      while (next < text.length()) {
        char c = text.charAt(next);
        if (c == '$') {
          String value = variable();
          out.append(mode == Mode.BLANKS_DIVIDE ? divided(value) : value);
        } else if (mode == Mode.QUOTES_STAY) {
          boolean escaped = c == escape && next + 1 < text.length() && text.charAt(next + 1) == '$';
          next += escaped ? 1 : 0;
          out.append(text.charAt(next++));
        } else if (c == '\'') {
          singleQuoted(out);
        } else if (c == '"') {
          doubleQuoted(out);
        } else if (c == escape && next + 1 < text.length()) {
          out.append(text.charAt(next + 1));
          next += 2;
        } else {
          out.append(c);
          next++;
        }
      }
      return out.toString();
    }

    private static String divided(String value) {
      return String.join(DIVIDER, value.strip().split("\\s+"));
    }

    private void singleQuoted(StringBuilder out) {
      int end = text.indexOf('\'', next + 1);
      if (end < 0) {
        throw wrong("a ' without its end");
      }
      out.append(text, next + 1, end);
      next = end + 1;
    }

    private void doubleQuoted(StringBuilder out) {
      int begin = next;
      next++;
      while (next < text.length()) {
        char c = text.charAt(next);
        if (c == '"') {
          next++;
          return;
        }
        if (c == '$') {
          out.append(variable());
        } else if (c == escape && next + 1 < text.length()) {
          char escaped = text.charAt(next + 1);
          // Before anything else an escape stands for itself.
          if (escaped != '"' && escaped != '$' && escaped != escape) {
            out.append(c);
          }
          out.append(escaped);
          next += 2;
        } else {
          out.append(c);
          next++;
        }
      }
      next = begin;
      throw wrong("a \" without its end");
    }

    /** From a dollar on. */
    private String variable() {
      int dollar = next;
      next++;
      if (next == text.length()) {
        return "$";
      }
      if (text.charAt(next) != '{') {
        String name = name();
        return name.isEmpty() ? "$" : variables.apply(name).orElse("");
      }
      next++;
      String name = name();
      if (name.isEmpty()) {
        next = dollar;
        throw wrong("${ needs a name after it: ${NAME}");
      }
      Optional<String> value = variables.apply(name);
      String operator = operator();
      String result =
          switch (operator) {
            case "" -> value.orElse("");
            case ":-" -> other(value.filter(is -> !is.isEmpty()).isPresent(), value);
            case "-" -> other(value.isPresent(), value);
            case ":+" -> instead(value.filter(is -> !is.isEmpty()).isPresent());
            case "+" -> instead(value.isPresent());
            case ":?" -> demanded(value.filter(is -> !is.isEmpty()), name, dollar);
            case "?" -> demanded(value, name, dollar);
            case "#", "##", "%", "%%" -> trimmed(value.orElse(""), operator, operand("}"));
            default -> replaced(value.orElse(""), operator.equals("//"));
          };
      if (next == text.length() || text.charAt(next) != '}') {
        next = dollar;
        throw wrong("${" + name + ": its } is missing, or what is in it is not known here");
      }
      next++;
      return result;
    }

    private String name() {
      int from = next;
      if (next < text.length() && Character.isDigit(text.charAt(next))) {
        next++;
        return text.substring(from, next);
      }
      while (next < text.length()
          && (text.charAt(next) == '_'
              || (text.charAt(next) < 0x80 && Character.isLetterOrDigit(text.charAt(next))))) {
        next++;
      }
      return text.substring(from, next);
    }

    private String operator() {
      for (String operator :
          List.of(":-", ":+", ":?", "##", "%%", "//", "-", "+", "?", "#", "%", "/")) {
        if (text.startsWith(operator, next)) {
          next += operator.length();
          return operator;
        }
      }
      return "";
    }

    /** The word in braces, up to one of these characters; variables in it count as well. */
    private String operand(String ends) {
      StringBuilder out = new StringBuilder();
      while (next < text.length() && ends.indexOf(text.charAt(next)) < 0) {
        char c = text.charAt(next);
        if (c == '$') {
          out.append(variable());
        } else if (c == '\'') {
          singleQuoted(out);
        } else if (c == '"') {
          doubleQuoted(out);
        } else if (c == escape && next + 1 < text.length()) {
          out.append(text.charAt(next + 1));
          next += 2;
        } else {
          out.append(c);
          next++;
        }
      }
      return out.toString();
    }

    private String other(boolean counts, Optional<String> value) {
      String word = operand("}");
      return counts ? value.orElseThrow() : word;
    }

    private String instead(boolean counts) {
      String word = operand("}");
      return counts ? word : "";
    }

    private String demanded(Optional<String> value, String name, int dollar) {
      String message = operand("}");
      if (value.isEmpty()) {
        next = dollar;
        throw wrong(name + ": " + (message.isEmpty() ? "it must be set" : message));
      }
      return value.get();
    }

    private static String trimmed(String value, String operator, String glob) {
      boolean prefix = operator.charAt(0) == '#';
      Pattern pattern = Globs.wildcard(glob);
      List<Integer> cuts = new ArrayList<>();
      for (int cut = 0; cut <= value.length(); cut++) {
        String part = prefix ? value.substring(0, cut) : value.substring(value.length() - cut);
        if (pattern.matcher(part).matches()) {
          cuts.add(cut);
        }
      }
      if (cuts.isEmpty()) {
        return value;
      }
      int cut = operator.length() == 1 ? cuts.getFirst() : cuts.getLast();
      return prefix ? value.substring(cut) : value.substring(0, value.length() - cut);
    }

    private String replaced(String value, boolean each) {
      String glob = operand("/}");
      String word = "";
      if (next < text.length() && text.charAt(next) == '/') {
        next++;
        word = operand("}");
      }
      var matcher = Globs.wildcard(glob).matcher(value);
      String literal = Matcher.quoteReplacement(word);
      return each ? matcher.replaceAll(literal) : matcher.replaceFirst(literal);
    }
  }
}
