package dev.terrarium.engine.observe;

import dev.terrarium.engine.observe.Layers.Entry;
import dev.terrarium.engine.observe.Layers.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of every path when layers are stacked: what the container sees, from which layer,
 * and what it does not see, because of which. Pure; the same rules as the kernel's. Source: kernel
 * document filesystems/overlayfs, "Upper and Lower", "whiteouts and opaque directories".
 */
public final class MergedTree {

  /** What becomes of a path of one layer. */
  public enum Fate {
    /** The container sees it. */
    SEEN,
    /** A higher layer has something else at the same path, which is seen instead. */
    COVERED,
    /** A whiteout, an opaque folder, or a file where its folder was, hides it. */
    HIDDEN
  }

  /**
   * A path of one layer.
   *
   * @param layer its layer's place in {@link Layers#all}, 0 the topmost
   * @param by the place of the layer that covers or hides it; its own if it is seen
   */
  public record Found(Entry entry, int layer, Fate fate, int by) {}

  private static final Comparator<Found> BY_PATH =
      Comparator.<Found, String>comparing(found -> found.entry().path().replace('/', '\0'))
          .thenComparingInt(Found::layer);

  /** What stands at a path in the layers so far, and which of them says so. */
  private record Standing(Kind kind, int layer) {}

  private final Map<String, Standing> standing = new HashMap<>();

  /** Folders below which no lower layer is seen, by the layer that closes them. */
  private final Map<String, Integer> closed = new HashMap<>();

  private final List<Found> all = new ArrayList<>();

  private MergedTree() {}

  /** Every path of every layer but whiteouts, by path, the highest layer first. */
  public static List<Found> of(Layers layers) {
    MergedTree tree = new MergedTree();
    for (int layer = 0; layer < layers.all().size(); layer++) {
      tree.lay(layers.all().get(layer).entries(), layer);
    }
    tree.all.sort(BY_PATH);
    return List.copyOf(tree.all);
  }

  private void lay(List<Entry> entries, int layer) {
    Map<String, Standing> fresh = new HashMap<>();
    Set<String> closing = new HashSet<>();
    for (Entry entry : entries) {
      int closer = closerOf(entry.path());
      Standing above = standing.get(entry.path());
      if (closer < 0) {
        if (above == null) {
          fresh.put(entry.path(), new Standing(entry.kind(), layer));
        }
        if (entry.kind() != Kind.FOLDER) {
          closing.add(entry.path());
        }
      }
      if (entry.kind() != Kind.WHITEOUT) {
        all.add(found(entry, layer, closer, above));
      }
    }
    standing.putAll(fresh);
    closing.forEach(path -> closed.putIfAbsent(path, layer));
  }

  private static Found found(Entry entry, int layer, int closer, @Nullable Standing above) {
    if (closer >= 0) {
      return new Found(entry, layer, Fate.HIDDEN, closer);
    }
    if (above == null) {
      return new Found(entry, layer, Fate.SEEN, layer);
    }
    Fate fate = above.kind() == Kind.WHITEOUT ? Fate.HIDDEN : Fate.COVERED;
    return new Found(entry, layer, fate, above.layer());
  }

  /** The layer that closes a folder above that path; -1 if all are open. */
  private int closerOf(String path) {
    for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
      Integer layer = closed.get(path.substring(0, slash));
      if (layer != null) {
        return layer;
      }
    }
    return -1;
  }
}
