package dev.terrarium.app.panes;

import dev.terrarium.app.window.UiContext;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Both panes and the links between them as plain text: what the drawing says, for any reader. */
final class ProcessText {

  private ProcessText() {}

  static String of(PaneContents contents, List<ProcessRow> hostRows, UiContext ui) {
    StringBuilder text = new StringBuilder();
    section(text, ui.text("panes.host"), contents.host(), hostRows);
    text.append('\n');
    section(text, ui.text("panes.container"), contents.container(), contents.container().rows());
    if (!contents.links().isEmpty()) {
      text.append('\n').append(ui.text("panes.text.links")).append('\n');
      for (int hostPid : contents.links()) {
        row(contents.host().rows(), hostPid)
            .ifPresent(row ->
                text.append("  ")
                    .append(ui.text("panes.text.link", row.pid(), row.ownPid(), row.command()))
                    .append('\n'));
      }
    }
    return text.toString();
  }

  private static Optional<ProcessRow> row(List<ProcessRow> rows, int hostPid) {
    return rows.stream().filter(row -> row.hostPid() == hostPid).findFirst();
  }

  private static void section(
      StringBuilder text, String title, PaneContent content, List<ProcessRow> rows) {
    text.append(title);
    if (!content.note().isEmpty()) {
      text.append(" · ").append(content.note());
    }
    text.append('\n');
    if (rows.isEmpty()) {
      text.append("  ").append(content.emptyTitle()).append('\n');
      text.append("  ").append(content.emptyText()).append('\n');
      return;
    }
    Map<Column, Integer> widths = new EnumMap<>(Column.class);
    for (Column column : content.columns()) {
      int widest = column.title().length();
      for (ProcessRow row : rows) {
        widest = Math.max(widest, column.text(row).length());
      }
      widths.put(column, Math.min(widest, 60));
    }
    text.append("    ");
    content.columns().forEach(c -> cell(text, c.title(), widths.getOrDefault(c, 0)));
    text.append('\n');
    for (ProcessRow row : rows) {
      text.append(row.member() ? "  * " : "    ");
      content.columns().forEach(c -> cell(text, c.text(row), widths.getOrDefault(c, 0)));
      text.append('\n');
    }
    if (!content.caption().isEmpty()) {
      text.append("  ").append(content.caption()).append('\n');
    }
  }

  private static void cell(StringBuilder text, String value, int width) {
    text.append(value).append(" ".repeat(Math.max(0, width - value.length()) + 2));
  }
}
