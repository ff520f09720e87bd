package dev.terrarium.app.panes;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import javafx.beans.property.DoubleProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleDoubleProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.scene.text.Font;
import javafx.scene.text.Text;

/** How wide the columns of one pane are: as their contents need, in characters of its font. */
final class ColumnWidths {

  private static final int GAP = 2;
  private static final int WIDEST_USER = 12;

  private final ObjectProperty<List<Column>> columns =
      new SimpleObjectProperty<>(List.of(Column.PID, Column.PPID, Column.USER, Column.COMMAND));
  private final ObjectProperty<Map<Column, Integer>> characters =
      new SimpleObjectProperty<>(Map.of());
  private final DoubleProperty characterWidth = new SimpleDoubleProperty(7.5);

  /** Calls back whenever a line has to be laid out again. */
  void onChange(Runnable layout) {
    columns.subscribe(layout);
    characters.subscribe(layout);
    characterWidth.subscribe(layout);
  }

  List<Column> columns() {
    return columns.get();
  }

  void setColumns(List<Column> shown) {
    columns.set(List.copyOf(shown));
  }

  void setFont(Font font) {
    Text ruler = new Text("0000000000");
    ruler.setFont(font);
    characterWidth.set(ruler.getLayoutBounds().getWidth() / 10);
  }

  /** Makes room for those rows. */
  void fit(List<ProcessRow> rows) {
    Map<Column, Integer> needed = new EnumMap<>(Column.class);
    for (Column column : columns.get()) {
      int longest = column.title().length();
      if (column != Column.COMMAND) {
        for (ProcessRow row : rows) {
          longest = Math.max(longest, column.text(row).length());
        }
      }
      int most = column == Column.USER ? WIDEST_USER : Integer.MAX_VALUE;
      boolean last = column == columns.get().getLast();
      needed.put(column, Math.min(longest, most) + (last ? 1 : GAP));
    }
    characters.set(Map.copyOf(needed));
  }

  /** The text as far as its column holds it; only long user names are ever cut. */
  String cut(Column column, String text) {
    return column == Column.USER && text.length() > WIDEST_USER
        ? text.substring(0, WIDEST_USER - 1) + "…"
        : text;
  }

  /** The width of a column in pixels; the command gets what the others leave. */
  double width(Column column, double total) {
    if (column != Column.COMMAND) {
      return fixed(column);
    }
    double rest = total;
    for (Column other : columns.get()) {
      rest -= other == Column.COMMAND ? 0 : fixed(other);
    }
    return Math.max(0, rest);
  }

  private double fixed(Column column) {
    int count = characters.get().getOrDefault(column, column.title().length() + GAP);
    return Math.ceil(count * characterWidth.get());
  }
}
