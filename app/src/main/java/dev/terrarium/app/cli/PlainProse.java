package dev.terrarium.app.cli;

import dev.terrarium.lessons.format.Placeholders;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.text.LineBreakRendering;
import org.commonmark.renderer.text.TextContentRenderer;

/** A lesson's Markdown as plain text in lines of a readable width. */
final class PlainProse {
  private static final int WIDTH = 88;

  private static final Parser PARSER = Parser.builder().build();
  private static final TextContentRenderer RENDERER =
      TextContentRenderer.builder().lineBreakRendering(LineBreakRendering.SEPARATE_BLOCKS).build();

  private PlainProse() {}

  /** The text with live values in it, a line per paragraph wrapped to the width. */
  static String of(String markdown, Map<String, String> values) {
    String text = RENDERER.render(PARSER.parse(Placeholders.fill(markdown, values)));
    List<String> lines = new ArrayList<>();
    for (String line : joinSoftBreaks(text).split("\n", -1)) {
      wrap(line, lines);
    }
    return String.join("\n", lines);
  }

  /** Text that belongs on one line, such as a heading or an option. */
  static String line(String markdown, Map<String, String> values) {
    return RENDERER
        .render(PARSER.parse(Placeholders.fill(markdown, values)))
        .replaceAll("\\s+", " ")
        .strip();
  }

  /** A single line end within a paragraph is where the author's editor was full. */
  private static String joinSoftBreaks(String text) {
    StringBuilder joined = new StringBuilder();
    for (String paragraph : text.split("\n{2,}")) {
      boolean list = paragraph.lines().anyMatch(line -> line.strip().matches("([-*]|\\d+[.)]) .*"));
      String oneLine = list ? paragraph : join(paragraph);
      joined.append(joined.isEmpty() ? "" : "\n\n").append(oneLine);
    }
    return joined.toString();
  }

  /** Chinese has no blanks between words, and so none at a line's end. */
  private static String join(String paragraph) {
    return paragraph.replaceAll("(?<=\\p{IsHan}|\\p{Po})\n(?=\\p{IsHan})", "").replace('\n', ' ');
  }

  private static void wrap(String line, List<String> lines) {
    StringBuilder current = new StringBuilder();
    int width = 0;
    int blank = -1;
    for (int i = 0; i < line.length(); ) {
      int point = line.codePointAt(i);
      i += Character.charCount(point);
      if (width + TextWidth.of(point) > WIDTH && !current.isEmpty()) {
        String rest = blank < 0 ? "" : current.substring(blank + 1);
        lines.add(blank < 0 ? current.toString() : current.substring(0, blank));
        current = new StringBuilder(rest);
        width = TextWidth.of(rest);
        blank = -1;
      }
      if (point == ' ') {
        blank = current.length();
      }
      current.appendCodePoint(point);
      width += TextWidth.of(point);
    }
    lines.add(current.toString());
  }
}
