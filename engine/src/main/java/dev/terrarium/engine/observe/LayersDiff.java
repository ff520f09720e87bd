package dev.terrarium.engine.observe;

import dev.terrarium.engine.observe.Layers.Entry;
import dev.terrarium.engine.observe.Layers.Kind;
import dev.terrarium.engine.observe.Layers.Layer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What happened to a container's layers between two looks. Pure. */
public final class LayersDiff {

  private LayersDiff() {}

  /**
   * What changed in layers that were there before, by path. A layer that is new brings no changes:
   * that an image has files is no news.
   */
  public static List<Change> between(Layers before, Layers after) {
    Map<String, Layer> known = new HashMap<>();
    before.all().forEach(layer -> known.put(layer.folder(), layer));
    List<Change> changes = new ArrayList<>();
    for (Layer layer : after.all()) {
      Layer was = known.get(layer.folder());
      if (was != null && !was.equals(layer)) {
        compare(was, layer, changes);
      }
    }
    return List.copyOf(changes);
  }

  private static void compare(Layer before, Layer after, List<Change> changes) {
    Map<String, Entry> gone = new HashMap<>();
    before.entries().forEach(entry -> gone.put(entry.path(), entry));
    for (Entry entry : after.entries()) {
      Entry was = gone.remove(entry.path());
      if (was == null) {
        changes.add(new Change.EntryAdded(after.role(), entry));
      } else if (differs(was, entry)) {
        changes.add(new Change.EntryChanged(after.role(), was, entry));
      }
    }
    before.entries().stream()
        .filter(entry -> gone.containsKey(entry.path()))
        .forEach(entry -> changes.add(new Change.EntryRemoved(after.role(), entry)));
  }

  /** A folder's size and time change with what is in it, which is told by itself. */
  private static boolean differs(Entry was, Entry is) {
    return was.kind() != is.kind()
        || was.inode() != is.inode()
        || (is.kind() == Kind.FILE && (was.size() != is.size() || was.modified() != is.modified()));
  }
}
