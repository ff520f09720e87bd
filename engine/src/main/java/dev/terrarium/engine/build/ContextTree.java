package dev.terrarium.engine.build;

import dev.terrarium.engine.dockerfile.PathPatterns;
import dev.terrarium.engine.file.RawFiles;
import dev.terrarium.engine.file.RawPath;
import dev.terrarium.engine.file.Stat;
import dev.terrarium.engine.tar.TarEntry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The build context without what {@code .dockerignore} leaves out. Owners are not the host's: files
 * of a context belong to root. Each folder on the way is opened with openat2(2), so that no link
 * leads out of the context.
 */
final class ContextTree implements Tree, AutoCloseable {
  private final RawFiles files = new RawFiles();
  private final int root;
  private final PathPatterns ignored;

  ContextTree(Path folder, PathPatterns ignored) throws IOException {
    this.ignored = ignored;
    this.root = files.openFolder(folder);
  }

  @Override
  public Optional<Entry> find(RawPath path) throws IOException {
    Optional<Stat> stat = stat(path);
    return stat.isPresent() && isIn(path, stat.get())
        ? Optional.of(entry(path, stat.get()))
        : Optional.empty();
  }

  private Optional<Stat> stat(RawPath path) throws IOException {
    if (path.isRoot()) {
      return Optional.of(files.stat(root));
    }
    Optional<Stat> above = path.parent().isRoot() ? Optional.empty() : stat(path.parent());
    if (!path.parent().isRoot() && above.filter(Stat::isFolder).isEmpty()) {
      return Optional.empty();
    }
    int folder = files.openFolder(root, path.parent().bytes());
    try {
      return files.stat(folder, path.name());
    } finally {
      files.close(folder);
    }
  }

  /** A folder that is left out is there if something in it is not. */
  private boolean isIn(RawPath path, Stat stat) throws IOException {
    if (path.isRoot() || !ignored.leavesOut(text(path))) {
      return true;
    }
    return stat.isFolder() && ignored.mayTakeIn() && !names(path).isEmpty();
  }

  private static String text(RawPath path) {
    return new String(path.toBytes(), StandardCharsets.UTF_8);
  }

  private Entry entry(RawPath path, Stat stat) throws IOException {
    TarEntry.Type type =
        switch (stat.type()) {
          case Stat.FOLDER -> TarEntry.Type.FOLDER;
          case Stat.SYMLINK -> TarEntry.Type.SYMLINK;
          case Stat.CHARACTER -> TarEntry.Type.CHARACTER;
          case Stat.BLOCK -> TarEntry.Type.BLOCK;
          case Stat.FIFO, Stat.SOCKET -> TarEntry.Type.FIFO;
          default -> TarEntry.Type.FILE;
        };
    String link = "";
    if (type == TarEntry.Type.SYMLINK) {
      int folder = files.openFolder(root, path.parent().bytes());
      try {
        link = files.readLink(folder, path.name());
      } finally {
        files.close(folder);
      }
    }
    return new Entry(type, stat.permissions(), 0, 0, stat.size(), stat.modified(), link);
  }

  @Override
  public List<String> names(RawPath folder) throws IOException {
    List<String> names = new ArrayList<>();
    for (String name : files.list(root, folder.bytes())) {
      RawPath path = folder.child(name);
      Optional<Stat> stat = stat(path);
      if (stat.isPresent() && isIn(path, stat.get())) {
        names.add(name);
      }
    }
    return names;
  }

  @Override
  public InputStream open(RawPath file) throws IOException {
    return new OpenFile(files, files.open(root, file.bytes(), RawFiles.O_RDONLY, 0));
  }

  /** A context has no attributes that an image should get. */
  @Override
  public Map<String, byte[]> attributes(RawPath path) {
    return Map.of();
  }

  @Override
  public void close() {
    files.close(root);
    files.close();
  }
}
