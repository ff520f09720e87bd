package dev.terrarium.app.cli;

import dev.terrarium.engine.observe.Layers;
import dev.terrarium.engine.observe.Layers.Entry;
import dev.terrarium.engine.observe.Layers.Kind;
import dev.terrarium.engine.observe.Layers.Layer;
import dev.terrarium.engine.observe.Layers.Role;
import dev.terrarium.engine.observe.MergedTree;
import dev.terrarium.engine.observe.MergedTree.Fate;
import dev.terrarium.engine.observe.MergedTree.Found;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The layers of a container as lines of text, topmost first: all that the writable one has, and of
 * those below what is hidden. Pure.
 */
final class LayerTable {

  private LayerTable() {}

  static List<String> of(Layers layers) {
    List<Found> merged = MergedTree.of(layers);
    List<String> lines = new ArrayList<>();
    for (int at = 0; at < layers.all().size(); at++) {
      Layer layer = layers.all().get(at);
      lines.add("  %-8s %s".formatted(name(layer), layer.folder()));
      if (layer.role() == Role.UPPER) {
        layer.entries().stream()
            .filter(entry -> entry.kind() != Kind.FOLDER)
            .forEach(entry -> lines.add(row(entry, what(entry))));
      } else {
        int place = at;
        merged.stream()
            .filter(found -> found.layer() == place && found.fate() != Fate.SEEN)
            .filter(found -> !found.entry().kind().isFolder())
            .forEach(found -> lines.add(row(found.entry(), found.entry().size() + " B, hidden")));
      }
    }
    return lines;
  }

  private static String row(Entry entry, String what) {
    return "           %-24s %s".formatted(entry.path(), what);
  }

  private static String name(Layer layer) {
    String role = layer.role().name().toLowerCase(Locale.ROOT);
    return layer.role() == Role.LOWER ? role + " " + layer.number() : role;
  }

  private static String what(Entry entry) {
    return switch (entry.kind()) {
      case WHITEOUT -> "c 0:0, a whiteout";
      case OPAQUE -> "opaque";
      case LINK -> "symbolic link";
      case FOLDER -> "folder";
      case FILE -> entry.size() + " B";
      case OTHER -> "special";
    };
  }
}
