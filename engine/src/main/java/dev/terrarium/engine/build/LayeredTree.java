package dev.terrarium.engine.build;

import dev.terrarium.engine.file.RawFiles;
import dev.terrarium.engine.file.RawPath;
import dev.terrarium.engine.file.Stat;
import dev.terrarium.engine.image.Image;
import dev.terrarium.engine.image.ImageStore;
import dev.terrarium.engine.layer.ImageTree;
import dev.terrarium.engine.layer.LayerEntry;
import dev.terrarium.engine.layer.Overlay;
import dev.terrarium.engine.tar.TarEntry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The files of an image. Who owns what is known from the layers' archives, whatever could be made
 * of that on this host; contents come from the unpacked layers.
 */
final class LayeredTree implements Tree, AutoCloseable {
  private final RawFiles files = new RawFiles();
  private final ImageTree tree;

  /** Base first. */
  private final List<Path> folders;

  private LayeredTree(ImageTree tree, List<Path> folders) {
    this.tree = tree;
    this.folders = folders;
  }

  static LayeredTree of(ImageStore images, Optional<Image> image) throws IOException {
    return image.isEmpty()
        ? new LayeredTree(ImageTree.of(List.of()), List.of())
        : new LayeredTree(
            ImageTree.of(images.entries(image.get())), images.folders(image.get()).reversed());
  }

  @Override
  public Optional<Entry> find(RawPath path) throws IOException {
    Optional<ImageTree.Node> node = tree.find(path);
    return node.isEmpty() ? Optional.empty() : Optional.of(entry(path, node.get()));
  }

  private Entry entry(RawPath path, ImageTree.Node node) throws IOException {
    LayerEntry said = node.entry();
    boolean file = said.type() == TarEntry.Type.FILE || said.type() == TarEntry.Type.HARD_LINK;
    long size = 0;
    if (file) {
      int folder = files.openFolder(folders.get(node.layer()));
      try {
        int fd = files.open(folder, path.bytes(), RawFiles.O_PATH, 0);
        size = files.stat(fd).size();
        files.close(fd);
      } finally {
        files.close(folder);
      }
    }
    return new Entry(
        file ? TarEntry.Type.FILE : said.type(),
        said.mode(),
        said.uid(),
        said.gid(),
        size,
        said.modified(),
        said.link());
  }

  @Override
  public List<String> names(RawPath folder) {
    return tree.find(folder).stream()
        .flatMap(node -> node.children().stream())
        .map(ImageTree.Node::name)
        .toList();
  }

  @Override
  public InputStream open(RawPath file) throws IOException {
    int folder = files.openFolder(folders.get(tree.find(file).orElseThrow().layer()));
    try {
      return new OpenFile(files, files.open(folder, file.bytes(), RawFiles.O_RDONLY, 0));
    } finally {
      files.close(folder);
    }
  }

  @Override
  public Map<String, byte[]> attributes(RawPath path) throws IOException {
    ImageTree.Node node = tree.find(path).orElseThrow();
    int layer = files.openFolder(folders.get(node.layer()));
    try {
      int folder = files.openFolder(layer, path.parent().bytes());
      try {
        Optional<Stat> there = files.stat(folder, path.name());
        Map<String, byte[]> attributes =
            new TreeMap<>(there.isEmpty() ? Map.of() : files.attributes(folder, path.name()));
        attributes.keySet().removeIf(Overlay::owns);
        return attributes;
      } finally {
        files.close(folder);
      }
    } finally {
      files.close(layer);
    }
  }

  @Override
  public void close() {
    files.close();
  }
}
