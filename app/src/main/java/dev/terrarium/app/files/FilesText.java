package dev.terrarium.app.files;

import dev.terrarium.app.files.FilesContent.Box;
import dev.terrarium.app.files.FilesContent.Chip;
import dev.terrarium.app.files.FilesContent.Look;
import dev.terrarium.app.files.FilesContent.Row;
import dev.terrarium.app.text.ByteSize;
import dev.terrarium.app.window.UiContext;
import dev.terrarium.engine.observe.Layers.Layer;
import dev.terrarium.engine.observe.Layers.Role;
import java.util.List;
import java.util.Locale;

/** The words of the Files view, on the drawing and as a text of their own. */
final class FilesText {

  private FilesText() {}

  /** What a layer is called. */
  static String name(Layer layer, UiContext ui) {
    return switch (layer.role()) {
      case UPPER -> ui.text("files.upper");
      case INIT -> ui.text("files.init");
      case LOWER ->
          ui.text(layer.number() == 1 ? "files.lower.base" : "files.lower", layer.number());
    };
  }

  /** What it is called in a row, where there is little room. */
  static String shortName(Layer layer, UiContext ui) {
    return switch (layer.role()) {
      case UPPER -> "upper";
      case INIT -> "init";
      case LOWER -> ui.text("files.layer", layer.number());
    };
  }

  static String note(Box box, UiContext ui) {
    String size = ByteSize.of(box.layer().bytes());
    return box.layer().role() == Role.UPPER
        ? ui.text("files.upper.note", box.changes(), size)
        : box.layer().role() == Role.INIT
            ? ui.text("files.init.note", size)
            : ui.text("files.lower.note", size);
  }

  static String chip(Chip chip) {
    return switch (chip.look()) {
      case WHITEOUT -> "− " + chip.path() + "  c 0:0";
      case OPAQUE -> "− " + chip.path() + "*";
      case COVERS -> "~ " + chip.path();
      case ADDED -> "+ " + chip.path();
      case HIDDEN -> chip.path() + " · " + ByteSize.of(chip.size());
      case PLAIN -> chip.count() == 0 ? chip.path() : chip.path() + " · " + chip.count();
    };
  }

  /** What a chip means, in words. */
  static String meaning(Chip chip, UiContext ui) {
    String key = "files.chip." + chip.look().name().toLowerCase(Locale.ROOT);
    String what = ui.text(key, chip.path(), ByteSize.of(chip.size()));
    return chip.count() == 0 ? what : ui.text("files.chip.many", chip.path(), chip.count());
  }

  static String path(Row row) {
    return row.count() == 0 ? row.path() : row.path() + " · " + row.count();
  }

  static String origin(Row row, List<Box> boxes, UiContext ui) {
    String layer = shortName(boxes.get(row.layer()).layer(), ui);
    return switch (row.look()) {
      case HIDDEN -> ui.text("files.row.hidden", layer);
      case COVERS -> ui.text("files.row.covers", layer);
      case ADDED, PLAIN, WHITEOUT, OPAQUE -> layer;
    };
  }

  /** Both sides. */
  static String of(FilesContent content, UiContext ui) {
    StringBuilder text = new StringBuilder(ui.text("panes.host")).append('\n');
    for (Box box : content.boxes()) {
      text.append('\n').append(name(box.layer(), ui)).append(", ").append(note(box, ui));
      text.append("\n  ").append(box.layer().folder()).append('\n');
      for (Chip chip : box.chips()) {
        text.append("  ").append(meaning(chip, ui)).append('\n');
      }
      if (box.more() > 0) {
        text.append("  ").append(ui.text("files.more", box.more())).append('\n');
      }
    }
    text.append('\n').append(ui.text("panes.container")).append("\n\n");
    for (Row row : content.rows()) {
      String mark = row.look() == Look.HIDDEN ? "− " : "  ";
      text.append(mark).append(path(row)).append("  ←  ");
      text.append(origin(row, content.boxes(), ui)).append('\n');
    }
    return text.toString();
  }
}
