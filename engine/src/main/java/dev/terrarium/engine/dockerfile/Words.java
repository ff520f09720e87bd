package dev.terrarium.engine.dockerfile;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Takes an instruction apart, from left to right. */
final class Words {
  private final LogicalLine line;
  private final String text;
  private final char escape;
  private int next;

  Words(LogicalLine line, char escape, int from) {
    this.line = line;
    this.text = line.text();
    this.escape = escape;
    this.next = from;
    skipBlanks();
  }

  private void skipBlanks() {
    while (next < text.length() && Character.isWhitespace(text.charAt(next))) {
      next++;
    }
  }

  boolean atEnd() {
    return next == text.length();
  }

  /** Where it stands now. */
  Position here() {
    return line.at(next);
  }

  /** The next word up to a blank, whatever is in it. */
  Word plain() {
    int from = next;
    while (next < text.length() && !Character.isWhitespace(text.charAt(next))) {
      next++;
    }
    Word word = line.word(from, next);
    skipBlanks();
    return word;
  }

  /** All that is left, by blanks. */
  List<Word> allPlain() {
    List<Word> words = new ArrayList<>();
    while (!atEnd()) {
      words.add(plain());
    }
    return words;
  }

  /** The next word up to a blank that is neither quoted nor escaped; quotes are left in it. */
  Word quoted() {
    int from = next;
    char quote = 0;
    while (next < text.length()) {
      char c = text.charAt(next);
      if (c == escape && quote != '\'' && next + 1 < text.length()) {
        next++;
      } else if (quote == 0 && (c == '"' || c == '\'')) {
        quote = c;
      } else if (c == quote) {
        quote = 0;
      } else if (quote == 0 && Character.isWhitespace(c)) {
        break;
      }
      next++;
    }
    Word word = line.word(from, next);
    skipBlanks();
    return word;
  }

  List<Word> allQuoted() {
    List<Word> words = new ArrayList<>();
    while (!atEnd()) {
      words.add(quoted());
    }
    return words;
  }

  /** The next option, {@code --name} or {@code --name=value}, if one comes next. */
  Optional<Word> option() {
    return text.startsWith("--", next) ? Optional.of(quoted()) : Optional.empty();
  }

  /** All that is left, as one. */
  Word rest() {
    Word rest = line.word(next, text.length());
    next = text.length();
    return rest;
  }

  /** The same without taking it. */
  String ahead() {
    return text.substring(next);
  }
}
