package dev.terrarium.engine.layer;

import dev.terrarium.engine.file.RawFiles;
import dev.terrarium.engine.file.RawPath;
import dev.terrarium.engine.file.Stat;
import dev.terrarium.engine.host.Rights;
import dev.terrarium.engine.tar.TarEntry;
import dev.terrarium.engine.tar.TarWriter;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Packs a folder as a layer's archive: overlayfs's devices 0:0 become {@code .wh.name}, its opaque
 * folders {@code .wh..wh..opq}. The same folder gives the same bytes, whatever order the file
 * system lists it in. Source: OCI image-spec, layer, "Representing Changes".
 */
public final class LayerPacker implements AutoCloseable {
  /** What is no hole, in a file that has fewer blocks than its size needs. */
  private static final int HOLE_WORTH_KEEPING = 1 << 16;

  private final RawFiles files = new RawFiles();
  private final Rights self = Rights.current();
  private final int root;
  private final Overlay overlay;
  private final LayerSource.Selection selection;

  /** Files with several names, by device and inode: the first name. */
  private final Map<String, RawPath> linked = new HashMap<>();

  /** Prepares to pack. */
  public LayerPacker(LayerSource source) throws IOException {
    this.overlay = source.overlay();
    this.selection = source.selection();
    this.root = files.openFolder(source.folder());
  }

  /**
   * Packs everything, folders before what is in them, siblings in byte order.
   *
   * @return how many members
   */
  public long pack(TarWriter archive, String what, Progress progress) throws IOException {
    return pack(RawPath.ROOT, root, archive, what, progress);
  }

  private long pack(RawPath at, int folder, TarWriter archive, String what, Progress progress)
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
            case PACKED -> one(path, folder, stat.get(), archive, what, progress);
            case PASSED_THROUGH -> inside(path, folder, archive, what, progress);
            case LEFT_OUT -> 0;
          };
      progress.at(what, members, 0);
    }
    return members;
  }

  private long one(
      RawPath path, int folder, Stat stat, TarWriter archive, String what, Progress progress)
      throws IOException {
    String name = path.name();
    if (overlay.isWhiteout(files, folder, name, stat)) {
      put(archive, plain(path.parent().child(".wh." + name), TarEntry.Type.FILE, 0));
      return 1;
    }
    switch (stat.type()) {
      case Stat.FOLDER -> {
        overlay.refuseUnknown(files, folder, path);
        put(archive, entry(path, folder, stat, TarEntry.Type.FOLDER, "", List.of(), false));
        return 1 + inside(path, folder, archive, what, progress);
      }
      case Stat.FILE -> file(path, folder, stat, archive);
      case Stat.SYMLINK ->
          put(
              archive,
              entry(
                  path,
                  folder,
                  stat,
                  TarEntry.Type.SYMLINK,
                  files.readLink(folder, name),
                  List.of(),
                  false));
      case Stat.CHARACTER ->
          put(archive, entry(path, folder, stat, TarEntry.Type.CHARACTER, "", List.of(), false));
      case Stat.BLOCK ->
          put(archive, entry(path, folder, stat, TarEntry.Type.BLOCK, "", List.of(), false));
      case Stat.FIFO ->
          put(archive, entry(path, folder, stat, TarEntry.Type.FIFO, "", List.of(), false));
      default -> {
        // A socket lives as long as its listener; no archive holds one.
        return 0;
      }
    }
    return 1;
  }

  private long inside(RawPath path, int folder, TarWriter archive, String what, Progress progress)
      throws IOException {
    int inner = files.openFolder(folder, path.name());
    try {
      return pack(path, inner, archive, what, progress);
    } finally {
      files.close(inner);
    }
  }

  private void file(RawPath path, int folder, Stat stat, TarWriter archive) throws IOException {
    overlay.refuseUnknown(files, folder, path);
    if (stat.links() > 1) {
      RawPath first = linked.putIfAbsent(stat.device() + ":" + stat.inode(), path);
      if (first != null) {
        put(
            archive,
            entry(path, folder, stat, TarEntry.Type.HARD_LINK, first.bytes(), List.of(), false));
        return;
      }
    }
    int fd = files.open(folder, path.name(), RawFiles.O_RDONLY, 0);
    try {
      boolean sparse = stat.size() - stat.blocks() * 512 > HOLE_WORTH_KEEPING;
      List<TarEntry.Extent> extents =
          sparse ? extents(fd, stat.size()) : List.of(new TarEntry.Extent(0, stat.size()));
      TarEntry entry =
          entry(path, folder, stat, TarEntry.Type.FILE, "", sparse ? extents : List.of(), sparse);
      archive.put(entry, new Parts(fd, extents));
    } finally {
      files.close(fd);
    }
  }

  private List<TarEntry.Extent> extents(int fd, long size) throws IOException {
    List<TarEntry.Extent> extents = new ArrayList<>();
    long at = 0;
    while (at < size) {
      Optional<Long> data = files.nextData(fd, at);
      if (data.isEmpty()) {
        break;
      }
      long end = Math.min(files.nextHole(fd, data.get()), size);
      extents.add(new TarEntry.Extent(data.get(), end - data.get()));
      at = end;
    }
    return extents;
  }

  private TarEntry entry(
      RawPath path,
      int folder,
      Stat stat,
      TarEntry.Type type,
      String link,
      List<TarEntry.Extent> data,
      boolean sparse)
      throws IOException {
    Map<String, byte[]> attributes = new TreeMap<>();
    if (type != TarEntry.Type.HARD_LINK) {
      attributes.putAll(files.attributes(folder, path.name()));
      attributes.keySet().removeIf(Overlay::owns);
    }
    return new TarEntry(
        path.bytes(),
        type,
        link,
        stat.permissions(),
        overlay.inside(stat.uid(), self.uid()),
        overlay.inside(stat.gid(), self.gid()),
        type == TarEntry.Type.FILE ? stat.size() : 0,
        stat.modified(),
        stat.modifiedNanos(),
        stat.special() >>> 32,
        stat.special() & 0xffff_ffffL,
        attributes,
        data,
        sparse);
  }

  private static TarEntry plain(RawPath path, TarEntry.Type type, long size) {
    return new TarEntry(
        path.bytes(), type, "", 0644, 0, 0, size, 0, 0, 0, 0, Map.of(), List.of(), false);
  }

  private static void put(TarWriter archive, TarEntry entry) throws IOException {
    archive.put(entry, InputStream.nullInputStream());
  }

  /** The parts of a file that are no holes, one after the other. */
  private final class Parts extends InputStream {
    private final int fd;
    private final List<TarEntry.Extent> extents;
    private int extent = -1;
    private long left;

    Parts(int fd, List<TarEntry.Extent> extents) {
      this.fd = fd;
      this.extents = extents;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 1 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
      while (left == 0) {
        if (++extent >= extents.size()) {
          return -1;
        }
        left = extents.get(extent).length();
        files.seek(fd, extents.get(extent).offset());
      }
      int got = files.read(fd, into, from, (int) Math.min(length, left));
      if (got == 0) {
        // It became shorter; the archive's writer says so.
        extent = extents.size();
        left = 0;
        return -1;
      }
      left -= got;
      return got;
    }

    @Override
    public long transferTo(java.io.OutputStream out) throws IOException {
      byte[] buffer = new byte[1 << 17];
      long all = 0;
      int got = read(buffer, 0, buffer.length);
      while (got > 0) {
        out.write(buffer, 0, got);
        all += got;
        got = read(buffer, 0, buffer.length);
      }
      return all;
    }
  }

  @Override
  public void close() {
    files.close(root);
    files.close();
  }
}
