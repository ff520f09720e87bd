package dev.terrarium.app.dock;

/**
 * A piece of a line in the dock and what it is, which gives it its colour.
 *
 * @param kind what it is
 * @param text as it is printed
 * @param hint what the pointer finds out about it, empty for nothing
 * @param columns how many characters wide its place is, 0 for as wide as it is itself
 */
record Token(Kind kind, String text, String hint, int columns) {

  /** The kinds of piece; each has a style class of its name. */
  enum Kind {
    MUTED,
    PLAIN,
    NAME,
    STRING,
    FLAG,
    GOOD,
    BAD,
    CHANGED,
    NOTE,
    OWN;

    String styleClass() {
      return "token-" + name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  static Token of(Kind kind, String text) {
    return new Token(kind, text, "", 0);
  }

  Token wide(int places) {
    return new Token(kind, text, hint, places);
  }
}
