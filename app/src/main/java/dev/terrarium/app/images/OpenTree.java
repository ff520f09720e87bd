package dev.terrarium.app.images;

import dev.terrarium.app.images.LayerScene.Mark;
import dev.terrarium.engine.file.RawPath;
import dev.terrarium.engine.layer.ImageTree.Node;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The lines of a tree that are on screen: those of open folders, or those that a search finds.
 * Pure.
 */
final class OpenTree {

  /** Nobody reads more of what a search finds. */
  static final int MOST_FOUND = 5000;

  private final LayerScene scene;
  private final Set<RawPath> open;
  private final boolean changesOnly;
  private final List<PathRow> rows = new ArrayList<>();

  private OpenTree(LayerScene scene, Set<RawPath> open, boolean changesOnly) {
    this.scene = scene;
    this.open = open;
    this.changesOnly = changesOnly;
  }

  /**
   * The lines with these folders open.
   *
   * @param changesOnly without what the selected layer left alone
   */
  static List<PathRow> rows(LayerScene scene, Set<RawPath> open, boolean changesOnly) {
    OpenTree tree = new OpenTree(scene, open, changesOnly);
    tree.folder(RawPath.ROOT, children(scene, RawPath.ROOT), 0, Mark.NONE);
    return tree.rows;
  }

  /** Every path that contains those words, wherever it is; at most {@link #MOST_FOUND}. */
  static List<PathRow> search(LayerScene scene, String words, boolean changesOnly) {
    OpenTree tree = new OpenTree(scene, Set.of(), changesOnly);
    tree.find(
        RawPath.ROOT,
        children(scene, RawPath.ROOT),
        RawPath.of(words.toLowerCase(Locale.ROOT)).bytes(),
        Mark.NONE);
    return tree.rows;
  }

  /** A name and what is there; of what was removed, what was there. */
  private record Child(Node node, boolean removed) {}

  private static Map<String, Child> children(LayerScene scene, RawPath folder) {
    Map<String, Child> children = new TreeMap<>();
    if (scene.touched().contains(folder)) {
      // Only where the layer changed something can there be something that it removed.
      scene.before().find(folder).ifPresent(was -> put(was.children(), true, children));
    }
    scene.tree().find(folder).ifPresent(is -> put(is.children(), false, children));
    return children;
  }

  private static void put(Collection<Node> nodes, boolean removed, Map<String, Child> into) {
    nodes.forEach(node -> into.put(node.name(), new Child(node, removed)));
  }

  private void folder(RawPath path, Map<String, Child> children, int depth, Mark above) {
    children.forEach((name, child) -> {
      RawPath at = path.child(name);
      Mark mark = scene.mark(at, above);
      if (changesOnly && mark == Mark.NONE && !scene.touched().contains(at)) {
        return;
      }
      boolean opened = open.contains(at);
      rows.add(row(at, child, depth, opened, mark));
      if (opened) {
        folder(at, below(at, child), depth + 1, mark);
      }
    });
  }

  private void find(RawPath path, Map<String, Child> children, String words, Mark above) {
    children.forEach((name, child) -> {
      if (rows.size() >= MOST_FOUND) {
        return;
      }
      RawPath at = path.child(name);
      Mark mark = scene.mark(at, above);
      if (at.bytes().toLowerCase(Locale.ROOT).contains(words)
          && !(changesOnly && mark == Mark.NONE)) {
        rows.add(row(at, child, 0, false, mark));
      }
      find(at, below(at, child), words, mark);
    });
  }

  private Map<String, Child> below(RawPath path, Child child) {
    if (child.removed()) {
      Map<String, Child> gone = new TreeMap<>();
      put(child.node().children(), true, gone);
      return gone;
    }
    return children(scene, path);
  }

  private static PathRow row(RawPath path, Child child, int depth, boolean open, Mark mark) {
    Node node = child.node();
    return new PathRow(path, depth, open, node.size(), node.layer(), mark, node.entry());
  }

  /** The folders nearest to the root in which the layer changed something. */
  static Set<RawPath> leadingToChanges(LayerScene scene, int most) {
    return scene.touched().stream()
        .filter(path -> !path.isRoot())
        .sorted(Comparator.comparingInt(OpenTree::depth).thenComparing(Comparator.naturalOrder()))
        .limit(most)
        .collect(Collectors.toSet());
  }

  private static int depth(RawPath path) {
    return RawPath.parts(path.bytes()).size();
  }
}
