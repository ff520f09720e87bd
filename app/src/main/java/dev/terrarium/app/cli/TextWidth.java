package dev.terrarium.app.cli;

/** How many columns of a terminal a text takes: a Chinese character takes two. */
final class TextWidth {
  private TextWidth() {}

  static int of(String text) {
    return text.codePoints().map(TextWidth::of).sum();
  }

  static int of(int point) {
    int type = Character.getType(point);
    if (type == Character.NON_SPACING_MARK || type == Character.FORMAT) {
      return 0;
    }
    boolean wide =
        Character.isIdeographic(point)
            || (point >= 0x3000 && point <= 0x30ff) // CJK punctuation, kana
            || (point >= 0xac00 && point <= 0xd7a3) // Hangul
            || (point >= 0xff01 && point <= 0xff60); // full-width forms
    return wide ? 2 : 1;
  }

  /** The text, cut or filled with blanks to that many columns. */
  static String fit(String text, int columns) {
    StringBuilder fitted = new StringBuilder();
    int width = 0;
    for (int i = 0; i < text.length(); ) {
      int point = text.codePointAt(i);
      i += Character.charCount(point);
      if (width + of(point) > columns) {
        break;
      }
      fitted.appendCodePoint(point);
      width += of(point);
    }
    return fitted.append(" ".repeat(columns - width)).toString();
  }
}
