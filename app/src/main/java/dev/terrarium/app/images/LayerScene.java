package dev.terrarium.app.images;

import dev.terrarium.engine.file.RawPath;
import dev.terrarium.engine.layer.ImageTree;
import dev.terrarium.engine.layer.ImageTree.Node;
import dev.terrarium.engine.layer.TreeDiff;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The merged tree of an image up to one of its layers, and what that layer changed in it.
 *
 * @param tree with the layer
 * @param before without it: what was removed is shown from there
 * @param layer which one, 0 the base
 * @param marks what the layer did to a path
 * @param touched the folders that hold, at whatever depth, something that it changed
 */
record LayerScene(
    ImageTree tree, ImageTree before, int layer, Map<RawPath, Mark> marks, Set<RawPath> touched) {

  /** What a layer did to a path. */
  enum Mark {
    NONE,
    ADDED,
    CHANGED,
    REMOVED
  }

  static LayerScene of(ImageTree before, ImageTree after, int layer) {
    Map<RawPath, Mark> marks = new HashMap<>();
    Set<RawPath> touched = new HashSet<>();
    for (TreeDiff.Change change : TreeDiff.of(before, after)) {
      marks.put(
          change.path(),
          switch (change.kind()) {
            case ADDED -> Mark.ADDED;
            case CHANGED -> Mark.CHANGED;
            case DELETED -> Mark.REMOVED;
          });
      RawPath folder = change.path();
      while (!folder.isRoot()) {
        folder = folder.parent();
        if (!touched.add(folder)) {
          break;
        }
      }
    }
    return new LayerScene(after, before, layer, marks, touched);
  }

  /** What the layer did there; below something that was added or removed, the same. */
  Mark mark(RawPath path, Mark above) {
    Mark own = marks.get(path);
    if (own != null) {
      return own;
    }
    return above == Mark.ADDED || above == Mark.REMOVED ? above : Mark.NONE;
  }

  /** The file as it was, if the layer changed or removed it. */
  Optional<Node> formerly(RawPath path) {
    return before.find(path);
  }
}
