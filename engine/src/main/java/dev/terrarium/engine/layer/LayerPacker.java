package dev.terrarium.engine.layer;

import dev.terrarium.engine.file.RawFiles;
import dev.terrarium.engine.file.RawPath;
import dev.terrarium.engine.file.Stat;
import dev.terrarium.engine.tar.TarEntry;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Packs a folder as a layer's archive: overlayfs's devices 0:0 become {@code .wh.name}, its opaque
 * folders {@code .wh..wh..opq}. The same folder gives the same bytes, whatever order the file
 * system lists it in. Source: OCI image-spec, layer, "Representing Changes".
 */
public final class LayerPacker implements AutoCloseable {
  private final RawFiles files = new RawFiles();
  private final int root;
  private final Overlay overlay;
  private final LayerSource.Selection selection;

  /** Prepares to pack. */
  public LayerPacker(LayerSource source) throws IOException {
    this.overlay = source.overlay();
    this.selection = source.selection();
    this.root = files.openFolder(source.folder());
  }

  /** Where members go: an archive, or a list. */
  public interface Members {
    void put(TarEntry entry, InputStream content) throws IOException;
  }

  /** What a layer made of that folder would say, without its content. */
  public static List<LayerEntry> entries(LayerSource source) throws IOException {
    List<LayerEntry> entries = new ArrayList<>();
    try (LayerPacker packer = new LayerPacker(source)) {
      packer.pack(
          (entry, content) -> entries.add(LayerEntry.of(entry)),
          "read " + source.folder().getFileName(),
          Progress.NONE);
    }
    return entries;
  }

  /**
   * Packs everything, folders before what is in them, siblings in byte order.
   *
   * @return how many members
   */
  public long pack(Members archive, String what, Progress progress) throws IOException {
    return pack(RawPath.ROOT, root, archive, new MemberReader(files, overlay, what, progress));
  }

  private long pack(RawPath at, int folder, Members archive, MemberReader reader)
      throws IOException {
    long members = 0;
    if (overlay.isOpaque(files, folder, "")) {
      put(archive, plain(at.child(".wh..wh..opq"), TarEntry.Type.FILE, 0));
      members++;
    }
    for (String name : files.list(folder, "")) {
      RawPath path = at.child(name);
      Optional<Stat> stat = files.stat(folder, name);
      // A name that begins like a whiteout would become one.
      boolean unspeakable = name.startsWith(".wh.");
      if (stat.isEmpty() || unspeakable) {
        continue;
      }
      members +=
          switch (selection.of(path, stat.get())) {
            case PACKED -> one(path, folder, stat.get(), archive, reader);
            case PASSED_THROUGH -> inside(path, folder, archive, reader);
            case LEFT_OUT -> 0;
          };
    }
    return members;
  }

  private long one(RawPath path, int folder, Stat stat, Members archive, MemberReader reader)
      throws IOException {
    String name = path.name();
    if (overlay.isWhiteout(files, folder, name, stat)) {
      put(archive, plain(path.parent().child(".wh." + name), TarEntry.Type.FILE, 0));
      return 1;
    }
    if (stat.isFolder() || stat.isFile()) {
      overlay.refuseUnknown(files, folder, path);
    }
    long members = reader.put(path, folder, name, stat, archive) ? 1 : 0;
    return stat.isFolder() ? members + inside(path, folder, archive, reader) : members;
  }

  private long inside(RawPath path, int folder, Members archive, MemberReader reader)
      throws IOException {
    int inner = files.openFolder(folder, path.name());
    try {
      return pack(path, inner, archive, reader);
    } finally {
      files.close(inner);
    }
  }

  private static TarEntry plain(RawPath path, TarEntry.Type type, long size) {
    return new TarEntry(
        path.bytes(), type, "", 0644, 0, 0, size, 0, 0, 0, 0, Map.of(), List.of(), false);
  }

  private static void put(Members archive, TarEntry entry) throws IOException {
    archive.put(entry, InputStream.nullInputStream());
  }

  @Override
  public void close() {
    files.close(root);
    files.close();
  }
}
