package dev.terrarium.app.text;

import java.util.Locale;

/**
 * Makes text that anyone may have written safe to look at. A process chooses its own name and
 * arguments, so they may hold line breaks, escape sequences, marks that turn the reading direction
 * round, or a hundred kilobytes. Nothing is dropped: what cannot be seen is spelled out.
 */
public final class VisibleText {

  /** More marks than this on one letter are spelled out: they would grow into other rows. */
  private static final int MARKS_PER_LETTER = 3;

  private static final char ELLIPSIS = '…';

  private VisibleText() {}

  /** All of it, made visible. */
  public static String of(String text) {
    return of(text, Integer.MAX_VALUE);
  }

  /**
   * At most that many characters of it, made visible, and an ellipsis if there is more. Costs no
   * more than what is shown, however long the text is.
   */
  public static String of(String text, int limit) {
    StringBuilder shown = new StringBuilder(Math.min(text.length(), limit) + 1);
    int marks = 0;
    for (int i = 0; i < text.length(); ) {
      if (shown.length() >= limit) {
        return shown.append(ELLIPSIS).toString();
      }
      int point = text.codePointAt(i);
      i += Character.charCount(point);
      marks = isMark(point) ? marks + 1 : 0;
      if (marks > MARKS_PER_LETTER || hidden(point)) {
        spell(point, shown);
      } else {
        shown.appendCodePoint(point);
      }
    }
    return shown.toString();
  }

  /** Whether anything of it had to be spelled out. */
  public static boolean hostile(String text) {
    return text.codePoints().anyMatch(VisibleText::hidden);
  }

  private static boolean isMark(int point) {
    int type = Character.getType(point);
    return type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK;
  }

  private static boolean hidden(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          // Zero width characters and the marks that override the reading direction.
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          true;
      default -> false;
    };
  }

  private static void spell(int point, StringBuilder out) {
    switch (point) {
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      default ->
          out.append(
              point < 0x100
                  ? String.format(Locale.ROOT, "\\x%02x", point)
                  : String.format(Locale.ROOT, "\\u{%x}", point));
    }
  }
}
