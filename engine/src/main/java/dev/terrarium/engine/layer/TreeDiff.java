package dev.terrarium.engine.layer;

import dev.terrarium.engine.file.RawPath;
import dev.terrarium.engine.tar.TarEntry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What one tree has otherwise than another. */
public final class TreeDiff {

  /** How a path differs. */
  public enum Kind {
    ADDED,
    CHANGED,
    DELETED
  }

  /**
   * One path that differs; of a folder that was added or deleted, it alone stands for all below.
   *
   * @param before bytes of content there in the first tree, of a folder that went all below
   * @param after in the second, of a folder that came all below
   */
  public record Change(Kind kind, RawPath path, long before, long after) {}

  /** Compares the content of two files of which an archive says the same. */
  public interface Contents {
    /** Takes the archives' word for it. */
    Contents TRUSTED = (_, _, _) -> true;

    boolean same(RawPath path, ImageTree.Node before, ImageTree.Node after) throws IOException;
  }

  private final List<Change> changes = new ArrayList<>();

  private final Contents contents;

  private TreeDiff(Contents contents) {
    this.contents = contents;
  }

  /** The same by what the archives say alone: pure. */
  public static List<Change> of(ImageTree first, ImageTree second) {
    try {
      return of(first, second, Contents.TRUSTED);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the second has otherwise than the first, folders before what is in them. */
  public static List<Change> of(ImageTree first, ImageTree second, Contents contents)
      throws IOException {
    TreeDiff diff = new TreeDiff(contents);
    diff.compare(first.root(), second.root(), RawPath.ROOT);
    return List.copyOf(diff.changes);
  }

  private void compare(ImageTree.Node before, ImageTree.Node after, RawPath path)
      throws IOException {
    for (ImageTree.Node child : after.children()) {
      RawPath at = path.child(child.name());
      Optional<ImageTree.Node> was = before.child(child.name());
      if (was.isEmpty()) {
        changes.add(new Change(Kind.ADDED, at, 0, child.size()));
        continue;
      }
      if (!same(was.get(), child) || !contents.same(at, was.get(), child)) {
        changes.add(new Change(Kind.CHANGED, at, own(was.get()), own(child)));
      }
      compare(was.get(), child, at);
    }
    for (ImageTree.Node child : before.children()) {
      if (after.child(child.name()).isEmpty()) {
        changes.add(new Change(Kind.DELETED, path.child(child.name()), child.size(), 0));
      }
    }
  }

  private static long own(ImageTree.Node node) {
    return node.entry().type() == TarEntry.Type.FILE ? node.entry().size() : 0;
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
