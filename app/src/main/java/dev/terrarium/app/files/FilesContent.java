package dev.terrarium.app.files;

import dev.terrarium.engine.observe.Layers;
import dev.terrarium.engine.observe.Layers.Entry;
import dev.terrarium.engine.observe.Layers.Kind;
import dev.terrarium.engine.observe.Layers.Layer;
import dev.terrarium.engine.observe.Layers.Role;
import dev.terrarium.engine.observe.MergedTree;
import dev.terrarium.engine.observe.MergedTree.Fate;
import dev.terrarium.engine.observe.MergedTree.Found;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the Files view draws of some layers: pure. What is many and plain is told as a number of
 * files in a folder; what hides or is hidden is told one by one.
 *
 * @param boxes the layers, topmost first
 * @param rows what the container sees, and what a whiteout keeps from it, by path
 */
record FilesContent(List<Box> boxes, List<Row> rows) {

  /** A folder with more plain files than these is told as a whole. */
  private static final int FEW = 5;

  /** A layer shows no more chips than these. */
  private static final int MOST_CHIPS = 60;

  /** How a path is drawn. */
  enum Look {
    /** Hides what is below. */
    WHITEOUT,
    /** A folder that hides what is below in it. */
    OPAQUE,
    /** Covers the same path below. */
    COVERS,
    /** In the writable layer alone. */
    ADDED,
    /** Stored, and not seen. */
    HIDDEN,
    PLAIN
  }

  /**
   * A layer as it is drawn.
   *
   * @param changes of the writable layer, how many paths it has that are no folders on the way
   * @param more how many chips are left out
   */
  record Box(Layer layer, int changes, List<Chip> chips, int more) {}

  /**
   * A path of a layer, or several.
   *
   * @param count how many files of that folder; 0 for the one path itself
   */
  record Chip(Look look, String path, long size, int count) {}

  /**
   * A path of the union.
   *
   * @param layer the place of the layer that it comes from; of one that is hidden, that hides it
   * @param count as of a chip
   */
  record Row(Look look, String path, int layer, int count) {}

  static FilesContent of(Layers layers) {
    List<Found> merged = MergedTree.of(layers);
    Set<String> covered = new HashSet<>();
    for (Found found : merged) {
      if (found.fate() == Fate.COVERED) {
        covered.add(found.by() + ":" + found.entry().path());
      }
    }
    Map<String, Found> known = new HashMap<>();
    merged.forEach(found -> known.put(found.layer() + ":" + found.entry().path(), found));
    List<Box> boxes = new ArrayList<>();
    for (int at = 0; at < layers.all().size(); at++) {
      boxes.add(box(layers.all().get(at), at, known, covered));
    }
    return new FilesContent(List.copyOf(boxes), rows(layers, merged, covered));
  }

  private static Box box(Layer layer, int at, Map<String, Found> known, Set<String> covered) {
    Set<String> parents = parents(layer);
    List<Chip> special = new ArrayList<>();
    Map<String, List<Entry>> plain = new LinkedHashMap<>();
    for (Entry entry : layer.entries()) {
      Look look = look(entry, layer, known.get(at + ":" + entry.path()), covered, at);
      boolean way = entry.kind() == Kind.FOLDER && (parents.contains(entry.path()) || at > 0);
      if (way) {
        continue;
      }
      if (look == Look.PLAIN) {
        plain.computeIfAbsent(parent(entry.path()), _ -> new ArrayList<>()).add(entry);
      } else if (entry.kind() != Kind.FOLDER || look != Look.COVERS) {
        special.add(new Chip(look, shown(entry), entry.size(), 0));
      }
    }
    special.sort(Comparator.comparing(Chip::look));
    int changes = layer.role() == Role.UPPER ? special.size() : 0;
    List<Chip> chips = new ArrayList<>(special);
    plain.forEach((folder, entries) -> {
      if (entries.size() > FEW) {
        long bytes = entries.stream().mapToLong(Entry::size).sum();
        chips.add(new Chip(Look.PLAIN, folder + "/", bytes, entries.size()));
      } else {
        entries.forEach(e -> chips.add(new Chip(Look.PLAIN, shown(e), e.size(), 0)));
      }
    });
    int fit = Math.min(chips.size(), MOST_CHIPS);
    return new Box(layer, changes, List.copyOf(chips.subList(0, fit)), chips.size() - fit);
  }

  private static Look look(
      Entry entry, Layer layer, @Nullable Found found, Set<String> covered, int at) {
    if (entry.kind() == Kind.WHITEOUT) {
      return Look.WHITEOUT;
    }
    if (found != null && found.fate() != Fate.SEEN && entry.kind() != Kind.FOLDER) {
      return Look.HIDDEN;
    }
    if (found != null && found.fate() == Fate.HIDDEN) {
      return Look.HIDDEN;
    }
    if (entry.kind() == Kind.OPAQUE) {
      return Look.OPAQUE;
    }
    if (layer.role() != Role.UPPER) {
      return Look.PLAIN;
    }
    return covered.contains(at + ":" + entry.path()) ? Look.COVERS : Look.ADDED;
  }

  private static List<Row> rows(Layers layers, List<Found> merged, Set<String> covered) {
    Map<String, Integer> crowd = new HashMap<>();
    for (Found found : merged) {
      if (plain(found, layers, covered)) {
        crowd.merge(found.layer() + ":" + parent(found.entry().path()), 1, Integer::sum);
      }
    }
    Set<String> told = new HashSet<>();
    List<Row> rows = new ArrayList<>();
    for (Found found : merged) {
      Entry entry = found.entry();
      if (entry.kind().isFolder()) {
        continue;
      }
      String folder = found.layer() + ":" + parent(entry.path());
      switch (found.fate()) {
        case COVERED -> {
          // The one that covers it has a row.
        }
        case HIDDEN -> rows.add(new Row(Look.HIDDEN, entry.path(), found.by(), 0));
        case SEEN -> {
          if (!plain(found, layers, covered)) {
            rows.add(new Row(seen(found, covered), entry.path(), found.layer(), 0));
          } else if (crowd.getOrDefault(folder, 0) <= FEW) {
            rows.add(new Row(Look.PLAIN, entry.path(), found.layer(), 0));
          } else if (told.add(folder)) {
            int count = crowd.getOrDefault(folder, 0);
            rows.add(new Row(Look.PLAIN, parent(entry.path()) + "/", found.layer(), count));
          }
        }
      }
    }
    return List.copyOf(rows);
  }

  private static boolean plain(Found found, Layers layers, Set<String> covered) {
    return found.fate() == Fate.SEEN
        && !found.entry().kind().isFolder()
        && layers.all().get(found.layer()).role() != Role.UPPER
        && !covered.contains(found.layer() + ":" + found.entry().path());
  }

  private static Look seen(Found found, Set<String> covered) {
    return covered.contains(found.layer() + ":" + found.entry().path()) ? Look.COVERS : Look.ADDED;
  }

  private static Set<String> parents(Layer layer) {
    Set<String> parents = new HashSet<>();
    layer.entries().forEach(entry -> parents.add(parent(entry.path())));
    return parents;
  }

  private static String parent(String path) {
    int slash = path.lastIndexOf('/');
    return slash < 0 ? "" : path.substring(0, slash);
  }

  private static String shown(Entry entry) {
    return entry.kind().isFolder() ? entry.path() + "/" : entry.path();
  }
}
