package dev.terrarium.lessons.expression;

import dev.terrarium.engine.observe.Layers;
import dev.terrarium.engine.observe.MergedTree;

/**
 * A path of the union as expressions see it: what the container sees.
 *
 * @param path without a slash at its beginning
 * @param kind as {@link LayerView.EntryView#kind}
 * @param size in bytes
 * @param layer the role of the layer that it comes from
 */
public record FileView(String path, String kind, long size, String layer) {
  static FileView of(MergedTree.Found found, Layers layers) {
    return new FileView(
        found.entry().path(),
        LayerView.word(found.entry().kind()),
        found.entry().size(),
        LayerView.word(layers.all().get(found.layer()).role()));
  }
}
