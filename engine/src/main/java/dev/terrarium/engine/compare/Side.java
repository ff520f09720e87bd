package dev.terrarium.engine.compare;

import dev.terrarium.engine.commit.WrittenLayer;
import dev.terrarium.engine.file.RawFiles;
import dev.terrarium.engine.file.RawPath;
import dev.terrarium.engine.file.Stat;
import dev.terrarium.engine.image.Image;
import dev.terrarium.engine.image.ImageStore;
import dev.terrarium.engine.layer.ImageTree;
import dev.terrarium.engine.layer.LayerEntry;
import dev.terrarium.engine.layer.LayerPacker;
import dev.terrarium.engine.layer.LayerSource;
import dev.terrarium.engine.layer.Overlay;
import dev.terrarium.engine.layer.Union;
import dev.terrarium.engine.registry.Registry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One of two trees that are compared: an image, an image up to one of its layers, or a container.
 * Confined to one thread.
 */
public final class Side implements AutoCloseable {
  private final String name;
  private final ImageTree tree;
  private final List<Path> folders;
  private final RawFiles files = new RawFiles();
  private final Union union;

  private Side(String name, ImageTree tree, List<Path> folders, Overlay overlay)
      throws IOException {
    this.name = name;
    this.tree = tree;
    this.folders = List.copyOf(folders);
    this.union = new Union(files, folders, overlay);
  }

  /**
   * From what a person types: {@code IMAGE}, {@code IMAGE#2} for its first two layers, {@code
   * container:NAME}.
   *
   * @throws IllegalArgumentException if there is no such thing
   */
  public static Side of(String words, ImageStore store, Overlay overlay) throws IOException {
    if (words.startsWith("container:")) {
      String name = words.substring("container:".length());
      return container(new Registry(store.state()).only(name), store);
    }
    Image image = store.image(words);
    ImageTree tree = ImageTree.of(store.entries(image));
    return new Side(words, tree, store.folders(image), overlay);
  }

  /** As it is at this moment. */
  private static Side container(Registry.Entry container, ImageStore store) throws IOException {
    WrittenLayer written = WrittenLayer.of(container);
    List<List<LayerEntry>> entries = new ArrayList<>();
    Optional<Image> image = store.ofLayers(container.record().root(), written.lower());
    if (image.isPresent()) {
      entries.addAll(store.entries(image.get()));
    } else {
      for (Path layer : written.lower().reversed()) {
        entries.add(
            LayerPacker.entries(
                new LayerSource(layer, written.source().overlay(), LayerSource.Selection.ALL)));
      }
    }
    entries.add(LayerPacker.entries(written.source()));
    List<Path> folders = new ArrayList<>(written.lower());
    folders.addFirst(written.upper());
    return new Side(
        "container:" + container.record().name(),
        ImageTree.of(entries),
        folders,
        written.source().overlay());
  }

  /** As it was named. */
  public String name() {
    return name;
  }

  public ImageTree tree() {
    return tree;
  }

  /** Which folder on the host a file comes from: of two that share it, the content is the same. */
  Optional<Path> origin(RawPath path) throws IOException {
    return union.find(path).map(found -> folders.get(found.layer()));
  }

  /** What is at that path; empty if nothing is. */
  Optional<Stat> stat(RawPath path) throws IOException {
    return union.find(path).map(Union.Found::stat);
  }

  /** Where the symbolic link at that path leads. */
  String link(RawPath path) throws IOException {
    Union.Found found = union.find(path).orElseThrow();
    return files.readLink(found.folder(), found.name());
  }

  /**
   * The content of the file at that path.
   *
   * @param most not more bytes than that
   */
  byte[] content(RawPath path, int most) throws IOException {
    Union.Found found = union.find(path).orElseThrow();
    int fd = files.open(found.folder(), found.name(), RawFiles.O_RDONLY, 0);
    try {
      byte[] content = new byte[(int) Math.min(most, found.stat().size())];
      int done = 0;
      while (done < content.length) {
        int got = files.read(fd, content, done, content.length - done);
        if (got == 0) {
          return java.util.Arrays.copyOf(content, done);
        }
        done += got;
      }
      return content;
    } finally {
      files.close(fd);
    }
  }

  /** Whether the file at that path has the same bytes here and there. */
  boolean sameContent(RawPath path, Side other) throws IOException {
    Union.Found here = union.find(path).orElseThrow();
    Union.Found there = other.union.find(path).orElseThrow();
    int mine = files.open(here.folder(), here.name(), RawFiles.O_RDONLY, 0);
    try {
      int others = other.files.open(there.folder(), there.name(), RawFiles.O_RDONLY, 0);
      try {
        return sameContent(mine, other.files, others);
      } finally {
        other.files.close(others);
      }
    } finally {
      files.close(mine);
    }
  }

  private boolean sameContent(int mine, RawFiles otherFiles, int others) throws IOException {
    byte[] a = new byte[1 << 16];
    byte[] b = new byte[1 << 16];
    while (true) {
      int gotA = fill(files, mine, a);
      int gotB = fill(otherFiles, others, b);
      if (gotA != gotB || !java.util.Arrays.equals(a, 0, gotA, b, 0, gotB)) {
        return false;
      }
      if (gotA < a.length) {
        return true;
      }
    }
  }

  private static int fill(RawFiles files, int fd, byte[] into) throws IOException {
    int done = 0;
    while (done < into.length) {
      int got = files.read(fd, into, done, into.length - done);
      if (got == 0) {
        break;
      }
      done += got;
    }
    return done;
  }

  @Override
  public void close() {
    union.close();
    files.close();
  }
}
