package dev.terrarium.engine.layer;

import dev.terrarium.engine.file.RawFiles;
import dev.terrarium.engine.file.RawPath;
import dev.terrarium.engine.file.Stat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Several unpacked layers as the one tree that overlayfs would show, looked at without a mount. The
 * layers must not change meanwhile. Confined to one thread.
 */
public final class Union implements AutoCloseable {
  private static final int KEPT = 256;

  /**
   * Where a name of the union comes from.
   *
   * @param folder the open folder that holds it, in its layer; valid until the next call
   * @param layer the number of the layer, 0 the topmost
   */
  public record Found(int folder, String name, Stat stat, int layer) {}

  /** A folder of the union: the folders of the layers that contribute, top first. */
  private record Merged(List<Integer> folders, List<Integer> layers) {
    static final Merged NOTHING = new Merged(List.of(), List.of());
  }

  private final RawFiles files;
  private final Overlay overlay;
  private final Map<RawPath, Merged> open = new LinkedHashMap<>(64, 0.75f, true);

  /**
   * Opens the layers.
   *
   * @param layers top first
   */
  public Union(RawFiles files, List<Path> layers, Overlay overlay) throws IOException {
    this.files = files;
    this.overlay = overlay;
    List<Integer> folders = new ArrayList<>();
    List<Integer> numbers = new ArrayList<>();
    for (Path layer : layers) {
      numbers.add(folders.size());
      folders.add(files.openFolder(layer));
    }
    open.put(RawPath.ROOT, new Merged(folders, numbers));
  }

  /**
   * What is at that path; no symbolic link is followed, neither on the way nor at the end.
   *
   * @return empty if nothing is there, or if it is hidden
   */
  public Optional<Found> find(RawPath path) throws IOException {
    if (path.isRoot()) {
      Merged root = folder(RawPath.ROOT);
      return root.folders().isEmpty()
          ? Optional.empty()
          : Optional.of(
              new Found(root.folders().getFirst(), "", files.stat(root.folders().getFirst()), 0));
    }
    Merged parent = folder(path.parent());
    for (int i = 0; i < parent.folders().size(); i++) {
      int folder = parent.folders().get(i);
      Optional<Stat> stat = files.stat(folder, path.name());
      if (stat.isPresent()) {
        return overlay.isWhiteout(files, folder, path.name(), stat.get())
            ? Optional.empty()
            : Optional.of(new Found(folder, path.name(), stat.get(), parent.layers().get(i)));
      }
    }
    return Optional.empty();
  }

  /**
   * The beginning of a file.
   *
   * @param most bytes; the rest is left out
   * @return empty if there is no file at that path, or only a link to one
   */
  public Optional<byte[]> read(RawPath path, int most) throws IOException {
    Optional<Found> found = find(path).filter(file -> file.stat().isFile());
    if (found.isEmpty()) {
      return Optional.empty();
    }
    int fd =
        files.open(
            found.get().folder(), found.get().name(), RawFiles.O_RDONLY | RawFiles.O_CLOEXEC, 0);
    try {
      ByteArrayOutputStream content = new ByteArrayOutputStream();
      byte[] buffer = new byte[Math.min(most, 16 * 1024)];
      while (content.size() < most) {
        int count = files.read(fd, buffer, 0, Math.min(buffer.length, most - content.size()));
        if (count <= 0) {
          break;
        }
        content.write(buffer, 0, count);
      }
      return Optional.of(content.toByteArray());
    } finally {
      files.close(fd);
    }
  }

  /** The names in that folder of the union, in byte order; none if it is no folder. */
  public Set<String> list(RawPath path) throws IOException {
    Set<String> names = new TreeSet<>();
    Set<String> hidden = new HashSet<>();
    for (int folder : folder(path).folders()) {
      for (String name : files.list(folder, "")) {
        Optional<Stat> stat = files.stat(folder, name);
        if (names.contains(name) || stat.isEmpty()) {
          continue;
        }
        if (overlay.isWhiteout(files, folder, name, stat.get())) {
          hidden.add(name);
        } else if (!hidden.contains(name)) {
          names.add(name);
        }
      }
    }
    return names;
  }

  private Merged folder(RawPath path) throws IOException {
    Merged known = open.get(path);
    if (known != null) {
      return known;
    }
    Merged parent = folder(path.parent());
    Merged merged = merge(parent, path.name());
    if (open.size() >= KEPT) {
      forgetEldest();
    }
    open.put(path, merged);
    return merged;
  }

  private Merged merge(Merged parent, String name) throws IOException {
    List<Integer> folders = new ArrayList<>();
    List<Integer> layers = new ArrayList<>();
    for (int i = 0; i < parent.folders().size(); i++) {
      int above = parent.folders().get(i);
      Optional<Stat> stat = files.stat(above, name);
      if (stat.isEmpty()) {
        continue;
      }
      // Whatever is no folder ends the union: it hides all that is below.
      if (!stat.get().isFolder()) {
        break;
      }
      int folder = files.openFolder(above, name);
      folders.add(folder);
      layers.add(parent.layers().get(i));
      if (overlay.isOpaque(files, folder, "")) {
        break;
      }
    }
    return folders.isEmpty() ? Merged.NOTHING : new Merged(folders, layers);
  }

  private void forgetEldest() {
    RawPath eldest =
        open.keySet().stream().filter(path -> !path.isRoot()).findFirst().orElseThrow();
    Merged forgotten = open.remove(eldest);
    if (forgotten != null) {
      forgotten.folders().forEach(files::close);
    }
  }

  @Override
  public void close() {
    open.values().forEach(merged -> merged.folders().forEach(files::close));
    open.clear();
  }
}
