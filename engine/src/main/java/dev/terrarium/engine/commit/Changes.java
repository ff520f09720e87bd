package dev.terrarium.engine.commit;

import dev.terrarium.engine.file.RawFiles;
import dev.terrarium.engine.file.RawPath;
import dev.terrarium.engine.file.Stat;
import dev.terrarium.engine.layer.LayerSource;
import dev.terrarium.engine.layer.LayerSource.Choice;
import dev.terrarium.engine.layer.TreeDiff;
import dev.terrarium.engine.layer.Union;
import dev.terrarium.engine.tar.TarEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Compares a writable layer with the layers below it. Nothing is mounted for that. */
final class Changes {
  private final LayerSource written;
  private final RawFiles files;
  private final Union below;
  private final List<WrittenChange> changes = new ArrayList<>();

  private Changes(LayerSource written, RawFiles files, Union below) {
    this.written = written;
    this.files = files;
    this.below = below;
  }

  static List<WrittenChange> of(LayerSource written, List<Path> lower) throws IOException {
    try (RawFiles files = new RawFiles();
        Union below = new Union(files, lower, written.overlay())) {
      Changes changes = new Changes(written, files, below);
      int root = files.openFolder(written.folder());
      try {
        changes.folder(RawPath.ROOT, root, true, false);
      } finally {
        files.close(root);
      }
      return List.copyOf(changes.changes);
    }
  }

  /**
   * What is in a folder of the writable layer.
   *
   * @param replaces whether the layers below have a folder there
   * @param hides whether a folder above hides all that they have there
   */
  private void folder(RawPath at, int folder, boolean replaces, boolean hides) throws IOException {
    boolean opaque = hides || written.overlay().isOpaque(files, folder, "");
    List<String> own = files.list(folder, "");
    if (opaque && replaces) {
      Set<String> gone = new TreeSet<>(below.list(at));
      own.forEach(gone::remove);
      for (String name : gone) {
        deleted(at.child(name));
      }
    }
    for (String name : own) {
      one(at.child(name), folder, replaces, opaque);
    }
  }

  private void one(RawPath path, int folder, boolean replaces, boolean opaque) throws IOException {
    Stat stat = files.stat(folder, path.name()).orElseThrow();
    if (written.selection().of(path, stat) == Choice.LEFT_OUT) {
      return;
    }
    if (written.overlay().isWhiteout(files, folder, path.name(), stat)) {
      deleted(path);
      return;
    }
    Optional<Stat> was = replaces ? below.find(path).map(Union.Found::stat) : Optional.empty();
    boolean mergesWith = stat.isFolder() && was.filter(Stat::isFolder).isPresent();
    if (was.isPresent()) {
      long before = mergesWith ? 0 : size(path, was.get());
      changes.add(new WrittenChange(TreeDiff.Kind.CHANGED, path, type(stat), own(stat), before));
    } else {
      changes.add(new WrittenChange(TreeDiff.Kind.ADDED, path, type(stat), own(stat), 0));
    }
    if (stat.isFolder()) {
      int inner = files.openFolder(folder, path.name());
      try {
        folder(path, inner, mergesWith, opaque);
      } finally {
        files.close(inner);
      }
    }
  }

  private void deleted(RawPath path) throws IOException {
    Optional<Stat> was = below.find(path).map(Union.Found::stat);
    if (was.isPresent()) {
      changes.add(
          new WrittenChange(
              TreeDiff.Kind.DELETED, path, type(was.get()), 0, size(path, was.get())));
    }
  }

  /** Bytes of content there and in all below. */
  private long size(RawPath path, Stat stat) throws IOException {
    if (!stat.isFolder()) {
      return own(stat);
    }
    long size = 0;
    for (String name : below.list(path)) {
      Optional<Union.Found> child = below.find(path.child(name));
      if (child.isPresent()) {
        size += size(path.child(name), child.get().stat());
      }
    }
    return size;
  }

  private static long own(Stat stat) {
    return stat.isFile() ? stat.size() : 0;
  }

  private static TarEntry.Type type(Stat stat) {
    return switch (stat.type()) {
      case Stat.FOLDER -> TarEntry.Type.FOLDER;
      case Stat.SYMLINK -> TarEntry.Type.SYMLINK;
      case Stat.CHARACTER -> TarEntry.Type.CHARACTER;
      case Stat.BLOCK -> TarEntry.Type.BLOCK;
      case Stat.FIFO -> TarEntry.Type.FIFO;
      default -> TarEntry.Type.FILE;
    };
  }
}
