package dev.terrarium.lessons.expression;

import dev.terrarium.engine.observe.Layers;
import java.util.List;
import java.util.Locale;

/**
 * A layer as expressions see it.
 *
 * @param role {@code upper}, {@code init} or {@code lower}
 * @param folder where it is on the host
 * @param bytes what its files hold
 * @param entries by path
 */
public record LayerView(String role, String folder, long bytes, List<EntryView> entries) {

  /**
   * What a layer has at one path.
   *
   * @param path without a slash at its beginning
   * @param kind {@code file}, {@code folder}, {@code link}, {@code whiteout}, {@code opaque},
   *     {@code other}
   * @param size in bytes
   * @param inode on the layer's file system
   */
  public record EntryView(String path, String kind, long size, long inode) {
    static EntryView of(Layers.Entry entry) {
      return new EntryView(entry.path(), word(entry.kind()), entry.size(), entry.inode());
    }
  }

  public LayerView {
    entries = List.copyOf(entries);
  }

  static LayerView of(Layers.Layer layer) {
    return new LayerView(
        word(layer.role()),
        layer.folder(),
        layer.bytes(),
        layer.entries().stream().map(EntryView::of).toList());
  }

  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /** As a person reads it, short. */
  @Override
  public String toString() {
    return role + " " + entries.size();
  }
}
