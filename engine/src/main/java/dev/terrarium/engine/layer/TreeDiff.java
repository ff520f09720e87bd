package dev.terrarium.engine.layer;

import dev.terrarium.engine.file.RawPath;
import dev.terrarium.engine.tar.TarEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What one tree has otherwise than another. Pure. */
public final class TreeDiff {

  /** How a path differs. */
  public enum Kind {
    ADDED,
    CHANGED,
    DELETED
  }

  /**
   * One path that differs; of a folder that was added or deleted, it alone stands for all below.
   */
  public record Change(Kind kind, RawPath path) {}

  private final List<Change> changes = new ArrayList<>();

  private TreeDiff() {}

  /** What the second has otherwise than the first, folders before what is in them. */
  public static List<Change> of(ImageTree first, ImageTree second) {
    TreeDiff diff = new TreeDiff();
    diff.compare(first.root(), second.root(), RawPath.ROOT);
    return List.copyOf(diff.changes);
  }

  private void compare(ImageTree.Node before, ImageTree.Node after, RawPath path) {
    for (ImageTree.Node child : after.children()) {
      RawPath at = path.child(child.name());
      Optional<ImageTree.Node> was = before.child(child.name());
      if (was.isEmpty()) {
        changes.add(new Change(Kind.ADDED, at));
        continue;
      }
      if (!same(was.get(), child)) {
        changes.add(new Change(Kind.CHANGED, at));
      }
      compare(was.get(), child, at);
    }
    for (ImageTree.Node child : before.children()) {
      if (after.child(child.name()).isEmpty()) {
        changes.add(new Change(Kind.DELETED, path.child(child.name())));
      }
    }
  }

  /** By what an archive says of them; a folder is the same whatever its time. */
  private static boolean same(ImageTree.Node before, ImageTree.Node after) {
    LayerEntry a = before.entry();
    LayerEntry b = after.entry();
    boolean folder = a.type() == TarEntry.Type.FOLDER;
    return a.type() == b.type()
        && a.mode() == b.mode()
        && a.uid() == b.uid()
        && a.gid() == b.gid()
        && a.size() == b.size()
        && a.link().equals(b.link())
        && (folder || a.modified() == b.modified());
  }
}
