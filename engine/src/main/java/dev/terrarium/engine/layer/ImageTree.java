package dev.terrarium.engine.layer;

import dev.terrarium.engine.file.RawPath;
import dev.terrarium.engine.tar.TarEntry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The tree that layers make together, and what each of them stores, adds and hides. Pure: from the
 * layers' entries alone.
 *
 * <p>A layer that deletes stores nothing and contributes less than nothing, yet what it deletes is
 * stored still: that is the lesson of {@code rm} in a later Dockerfile line.
 */
public final class ImageTree {

  /**
   * What one layer does.
   *
   * @param stored bytes of content in it
   * @param contribution by how many bytes the visible tree grows with it; often negative
   * @param total bytes of the visible tree with it and all below
   * @param added paths that were not there
   * @param changed paths that were
   * @param removed paths that are not there any more
   */
  public record Share(
      long stored, long contribution, long total, int added, int changed, int removed) {}

  /**
   * Content that is stored and never seen.
   *
   * @param path where it was
   * @param bytes of content
   * @param layer that stores it, 0 the base
   * @param hiddenBy the layer that hides it
   */
  public record Waste(RawPath path, long bytes, int layer, int hiddenBy) {}

  /** A path of the tree. */
  public static final class Node {
    private final String name;
    private LayerEntry entry;
    private int layer;
    private final Map<String, Node> children = new TreeMap<>();

    private Node(String name, LayerEntry entry, int layer) {
      this.name = name;
      this.entry = entry;
      this.layer = layer;
    }

    /** One character per byte. */
    public String name() {
      return name;
    }

    /** What the layer says of it from which it comes. */
    public LayerEntry entry() {
      return entry;
    }

    /** The layer from which it comes, 0 the base; of a folder, the last that speaks of it. */
    public int layer() {
      return layer;
    }

    /** What is in it, in byte order. */
    public Collection<Node> children() {
      return List.copyOf(children.values());
    }

    public Optional<Node> child(String childName) {
      return Optional.ofNullable(children.get(childName));
    }

    /** Bytes of content of it and all below. */
    public long size() {
      long size = own();
      for (Node child : children.values()) {
        size += child.size();
      }
      return size;
    }

    private long own() {
      return entry.type() == TarEntry.Type.FILE ? entry.size() : 0;
    }
  }

  private final Node root = new Node("", folder(RawPath.ROOT), 0);
  private final List<Share> shares = new ArrayList<>();
  private final List<Waste> waste = new ArrayList<>();
  private long total;

  // Of the layer that is being applied.
  private int layer;
  private int added;
  private int changed;
  private int removed;

  private ImageTree() {}

  /**
   * Applies layers one after the other.
   *
   * @param layers base first
   */
  public static ImageTree of(List<List<LayerEntry>> layers) {
    ImageTree tree = new ImageTree();
    layers.forEach(tree::apply);
    return tree;
  }

  public Node root() {
    return root;
  }

  /** What each layer does, base first. */
  public List<Share> shares() {
    return List.copyOf(shares);
  }

  /** Everything that is stored and never seen, in the order in which it was hidden. */
  public List<Waste> waste() {
    return List.copyOf(waste);
  }

  public long wastedBytes() {
    return waste.stream().mapToLong(Waste::bytes).sum();
  }

  /** What is at that path. */
  public Optional<Node> find(RawPath path) {
    Optional<Node> node = Optional.of(root);
    for (String part : RawPath.parts(path.bytes())) {
      node = node.flatMap(at -> at.child(part));
    }
    return node;
  }

  private void apply(List<LayerEntry> entries) {
    layer = shares.size();
    added = 0;
    changed = 0;
    removed = 0;
    long before = total;
    long stored = 0;
    // Whiteouts hide what is below and never what their own layer brings, whichever comes first.
    for (LayerEntry entry : entries) {
      switch (entry.change()) {
        case WHITEOUT -> parent(entry.path()).ifPresent(node -> hide(node, entry.path()));
        case OPAQUE ->
            find(entry.path())
                .ifPresent(node ->
                    List.copyOf(node.children.keySet())
                        .forEach(name -> hide(node, entry.path().child(name))));
        case PRESENT -> {}
      }
    }
    for (LayerEntry entry : entries) {
      if (entry.change() == LayerEntry.Change.PRESENT) {
        stored += entry.type() == TarEntry.Type.FILE ? entry.size() : 0;
        put(entry);
      }
    }
    shares.add(new Share(stored, total - before, total, added, changed, removed));
  }

  private Optional<Node> parent(RawPath path) {
    return path.isRoot() ? Optional.empty() : find(path.parent());
  }

  private void put(LayerEntry entry) {
    if (entry.path().isRoot()) {
      root.entry = entry;
      root.layer = layer;
      return;
    }
    Node folder = makeWay(entry.path().parent());
    String name = entry.path().name();
    Node there = folder.children.get(name);
    boolean folders =
        there != null
            && there.entry.type() == TarEntry.Type.FOLDER
            && entry.type() == TarEntry.Type.FOLDER;
    if (there != null && folders) {
      changed += there.layer == layer ? 0 : 1;
      there.entry = entry;
      there.layer = layer;
      return;
    }
    if (there == null) {
      added++;
    } else {
      boolean ownDuplicate = there.layer == layer;
      lose(there, entry.path(), false);
      changed += ownDuplicate ? 0 : 1;
    }
    Node node = new Node(name, entry, layer);
    folder.children.put(name, node);
    total += node.own();
  }

  /** The folder of that path; folders that no entry speaks of are there all the same. */
  private Node makeWay(RawPath path) {
    if (path.isRoot()) {
      return root;
    }
    Node above = makeWay(path.parent());
    @Nullable Node there = above.children.get(path.name());
    if (there != null && there.entry.type() == TarEntry.Type.FOLDER) {
      return there;
    }
    if (there != null) {
      lose(there, path, false);
    }
    Node made = new Node(path.name(), folder(path), layer);
    above.children.put(path.name(), made);
    return made;
  }

  private void hide(Node folder, RawPath path) {
    Node there = folder.children.remove(path.name());
    if (there != null) {
      lose(there, path, true);
    }
  }

  private void lose(Node node, RawPath path, boolean counts) {
    removed += counts ? 1 : 0;
    if (node.own() > 0) {
      total -= node.own();
      waste.add(new Waste(path, node.own(), node.layer, layer));
    }
    node.children.forEach((name, child) -> lose(child, path.child(name), true));
  }

  private static LayerEntry folder(RawPath path) {
    return new LayerEntry(
        path, LayerEntry.Change.PRESENT, TarEntry.Type.FOLDER, 0, 0755, 0, 0, 0, "");
  }
}
