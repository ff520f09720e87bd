package dev.terrarium.engine.layer;

import dev.terrarium.engine.file.FileException;
import dev.terrarium.engine.file.RawFiles;
import dev.terrarium.engine.file.RawPath;
import dev.terrarium.engine.file.Stat;
import dev.terrarium.engine.observe.Layers.Entry;
import dev.terrarium.engine.observe.Layers.Kind;
import dev.terrarium.engine.observe.Layers.Layer;
import dev.terrarium.engine.observe.Layers.Role;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;

/** Reads what a layer's folder holds. No symbolic link is followed, and nothing leads out of it. */
public final class LayersReader {

  /** More are not read: a layer is looked at several times a second while somebody works in it. */
  public static final int MOST_ENTRIES = 4000;

  private final RawFiles files;
  private final Overlay overlay;
  private final Map<RawPath, Entry> found = new TreeMap<>();
  private boolean whole = true;

  private LayersReader(RawFiles files, Overlay overlay) {
    this.files = files;
    this.overlay = overlay;
  }

  /**
   * Reads one layer, what is near its root first.
   *
   * @param number as {@link Layer#number}
   * @throws IOException if the folder is not there
   */
  public static Layer read(Path folder, Role role, int number, Overlay overlay) throws IOException {
    try (RawFiles files = new RawFiles()) {
      int root = files.openFolder(folder);
      try {
        LayersReader reader = new LayersReader(files, overlay);
        reader.walk(root);
        return new Layer(
            role, number, folder.toString(), reader.found.values().stream().toList(), reader.whole);
      } finally {
        files.close(root);
      }
    }
  }

  private void walk(int root) throws IOException {
    Queue<RawPath> folders = new ArrayDeque<>();
    folders.add(RawPath.ROOT);
    for (RawPath at = folders.poll(); at != null && whole; at = folders.poll()) {
      try {
        int folder = files.openFolder(root, at.bytes());
        try {
          list(at, folder, folders);
        } finally {
          files.close(folder);
        }
      } catch (FileException e) {
        // Gone since its parent was listed, or not ours to list: the others are told all the same.
        whole = false;
      }
    }
  }

  private void list(RawPath at, int folder, Queue<RawPath> folders) throws IOException {
    for (String name : files.list(folder, "")) {
      Optional<Stat> stat = files.stat(folder, name);
      if (stat.isEmpty()) {
        continue;
      }
      if (found.size() == MOST_ENTRIES) {
        whole = false;
        return;
      }
      RawPath path = at.child(name);
      Kind kind = kind(folder, name, stat.get());
      found.put(
          path,
          new Entry(
              path.shown(),
              kind,
              stat.get().size(),
              stat.get().inode(),
              stat.get().modified() * 1_000_000_000 + stat.get().modifiedNanos()));
      if (kind.isFolder()) {
        folders.add(path);
      }
    }
  }

  private Kind kind(int folder, String name, Stat stat) throws IOException {
    if (overlay.isWhiteout(files, folder, name, stat)) {
      return Kind.WHITEOUT;
    }
    return switch (stat.type()) {
      case Stat.FILE -> Kind.FILE;
      case Stat.SYMLINK -> Kind.LINK;
      case Stat.FOLDER -> overlay.isOpaque(files, folder, name) ? Kind.OPAQUE : Kind.FOLDER;
      default -> Kind.OTHER;
    };
  }
}
