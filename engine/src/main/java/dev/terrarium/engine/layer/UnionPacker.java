package dev.terrarium.engine.layer;

import dev.terrarium.engine.file.RawFiles;
import dev.terrarium.engine.file.RawPath;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Reads several unpacked layers as the one tree that they make, without a mount. */
public final class UnionPacker implements AutoCloseable {
  private final RawFiles files = new RawFiles();
  private final Overlay overlay;
  private final Union union;

  /**
   * Opens the layers.
   *
   * @param layers top first
   */
  public UnionPacker(List<Path> layers, Overlay overlay) throws IOException {
    this.overlay = overlay;
    union = new Union(files, layers, overlay);
  }

  /** All that is to be seen, folders before what is in them, siblings in byte order. */
  void pack(LayerPacker.Members to, String what, Progress progress) throws IOException {
    pack(RawPath.ROOT, to, new MemberReader(files, overlay, what, progress));
  }

  private void pack(RawPath at, LayerPacker.Members to, MemberReader reader) throws IOException {
    for (String name : union.list(at)) {
      RawPath path = at.child(name);
      Optional<Union.Found> found = union.find(path);
      if (found.isPresent()) {
        boolean put =
            reader.put(path, found.get().folder(), found.get().name(), found.get().stat(), to);
        if (put && found.get().stat().isFolder()) {
          pack(path, to, reader);
        }
      }
    }
  }

  @Override
  public void close() {
    union.close();
    files.close();
  }
}
