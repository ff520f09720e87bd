package dev.terrarium.app.files;

import dev.terrarium.app.text.ByteSize;
import dev.terrarium.app.window.Explanation;
import dev.terrarium.app.window.LessonScene;
import dev.terrarium.app.window.UiContext;
import dev.terrarium.engine.observe.Change;
import dev.terrarium.engine.observe.Layers;
import dev.terrarium.engine.observe.Layers.Entry;
import dev.terrarium.engine.observe.Layers.Kind;
import dev.terrarium.engine.observe.MergedTree;
import dev.terrarium.engine.observe.MergedTree.Fate;
import dev.terrarium.engine.observe.MergedTree.Found;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Why the container sees other files than any one layer holds, with the evidence. */
final class FilesWhy {

  /** More sentences than these say nothing new. */
  private static final int MOST = 12;

  private final Layers layers;
  private final UiContext ui;

  /** What upper covers or hides, by path: the highest one below. */
  private final Map<String, Found> below = new HashMap<>();

  private FilesWhy(Layers layers, UiContext ui) {
    this.layers = layers;
    this.ui = ui;
    for (Found found : MergedTree.of(layers)) {
      if (found.fate() != Fate.SEEN && found.by() == 0) {
        below.putIfAbsent(found.entry().path(), found);
      }
    }
  }

  /** What this step changed first, then whiteouts, then what covers, then what is new. */
  static Explanation of(LessonScene scene, UiContext ui) {
    Layers layers = scene.belongings().layers();
    if (layers.all().isEmpty()) {
      return new Explanation(List.of(), ui.text("files.why.nothing"));
    }
    Set<String> fresh = new HashSet<>();
    for (Change change : scene.changes()) {
      if (change instanceof Change.EntryAdded(Layers.Role _, Entry entry)) {
        fresh.add(entry.path());
      } else if (change instanceof Change.EntryChanged(Layers.Role _, Entry _, Entry entry)) {
        fresh.add(entry.path());
      }
    }
    FilesWhy why = new FilesWhy(layers, ui);
    List<String> first = new ArrayList<>();
    List<List<String>> rest = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    for (Entry entry : layers.all().getFirst().entries()) {
      int rank = why.rank(entry);
      if (rank >= 0) {
        (fresh.contains(entry.path()) ? first : rest.get(rank)).add(why.sentence(entry));
      }
    }
    rest.forEach(first::addAll);
    return new Explanation(
        first.subList(0, Math.min(first.size(), MOST)), ui.text("files.why.same"));
  }

  private int rank(Entry entry) {
    return switch (entry.kind()) {
      case WHITEOUT, OPAQUE -> 0;
      case FOLDER -> -1;
      case FILE, LINK, OTHER -> below.containsKey(entry.path()) ? 1 : 2;
    };
  }

  private String sentence(Entry entry) {
    Found hidden = below.get(entry.path());
    if (entry.kind() == Kind.WHITEOUT) {
      return hidden == null
          ? ui.text("files.why.whiteout.nothing", entry.path())
          : ui.text(
              "files.why.whiteout",
              entry.path(),
              layer(hidden),
              ByteSize.of(hidden.entry().size()),
              wh(entry));
    }
    if (entry.kind() == Kind.OPAQUE) {
      return ui.text("files.why.opaque", entry.path());
    }
    return hidden == null
        ? ui.text("files.why.added", entry.path(), ByteSize.of(entry.size()))
        : ui.text(
            "files.why.covers", entry.path(), layer(hidden), entry.inode(), hidden.entry().inode());
  }

  private String layer(Found found) {
    return FilesText.shortName(layers.all().get(found.layer()), ui);
  }

  /** By what name a layer's archive tells a whiteout. Source: OCI image-spec, layer. */
  private static String wh(Entry entry) {
    int name = entry.path().lastIndexOf('/') + 1;
    return entry.path().substring(0, name) + ".wh." + entry.path().substring(name);
  }
}
