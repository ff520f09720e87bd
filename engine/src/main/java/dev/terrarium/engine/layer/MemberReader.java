package dev.terrarium.engine.layer;

import dev.terrarium.engine.file.RawFiles;
import dev.terrarium.engine.file.RawPath;
import dev.terrarium.engine.file.Stat;
import dev.terrarium.engine.host.Rights;
import dev.terrarium.engine.tar.TarEntry;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads files of every kind as members of an archive. */
final class MemberReader {
  /** What is no hole, in a file that has fewer blocks than its size needs. */
  private static final int HOLE_WORTH_KEEPING = 1 << 16;

  private final RawFiles files;
  private final Rights self = Rights.current();
  private final Overlay overlay;
  private final String what;
  private final Progress progress;

  /** Files with several names, by device and inode: the first name. */
  private final Map<String, RawPath> linked = new HashMap<>();

  /**
   * Prepares to read.
   *
   * @param overlay how the folder was mounted, and so who its owners are inside
   * @param what is being done, for the progress
   */
  MemberReader(RawFiles files, Overlay overlay, String what, Progress progress) {
    this.files = files;
    this.overlay = overlay;
    this.what = what;
    this.progress = progress;
  }

  /**
   * One file, link, device or folder; of a folder not what is in it.
   *
   * @param folder open, in which it has that name
   * @return whether there is a member for it: a socket lives as long as its listener, and no
   *     archive holds one
   */
  boolean put(RawPath path, int folder, String name, Stat stat, LayerPacker.Members archive)
      throws IOException {
    Optional<TarEntry.Type> type =
        switch (stat.type()) {
          case Stat.FOLDER -> Optional.of(TarEntry.Type.FOLDER);
          case Stat.FILE -> Optional.of(TarEntry.Type.FILE);
          case Stat.SYMLINK -> Optional.of(TarEntry.Type.SYMLINK);
          case Stat.CHARACTER -> Optional.of(TarEntry.Type.CHARACTER);
          case Stat.BLOCK -> Optional.of(TarEntry.Type.BLOCK);
          case Stat.FIFO -> Optional.of(TarEntry.Type.FIFO);
          default -> Optional.empty();
        };
    if (type.isEmpty()) {
      return false;
    }
    if (type.get() != TarEntry.Type.FOLDER && stat.links() > 1) {
      RawPath first = linked.putIfAbsent(stat.device() + ":" + stat.inode(), path);
      if (first != null) {
        empty(archive, entry(path, folder, name, stat, TarEntry.Type.HARD_LINK, first.bytes()));
        return true;
      }
    }
    if (type.get() == TarEntry.Type.FILE) {
      file(path, folder, name, stat, archive);
    } else {
      String link = stat.isSymlink() ? files.readLink(folder, name) : "";
      empty(archive, entry(path, folder, name, stat, type.get(), link));
    }
    return true;
  }

  private static void empty(LayerPacker.Members archive, TarEntry entry) throws IOException {
    archive.put(entry, InputStream.nullInputStream());
  }

  private void file(RawPath path, int folder, String name, Stat stat, LayerPacker.Members archive)
      throws IOException {
    int fd = files.open(folder, name, RawFiles.O_RDONLY, 0);
    try {
      boolean sparse = stat.size() - stat.blocks() * 512 > HOLE_WORTH_KEEPING;
      List<TarEntry.Extent> extents =
          sparse ? extents(fd, stat.size()) : List.of(new TarEntry.Extent(0, stat.size()));
      TarEntry whole = entry(path, folder, name, stat, TarEntry.Type.FILE, "");
      archive.put(sparse ? whole.withHoles(extents) : whole, new Parts(fd, extents));
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
      RawPath path, int folder, String name, Stat stat, TarEntry.Type type, String link)
      throws IOException {
    Map<String, byte[]> attributes = new TreeMap<>();
    if (type != TarEntry.Type.HARD_LINK) {
      attributes.putAll(files.attributes(folder, name));
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
        List.of(),
        false);
  }

  /** The parts of a file that are no holes, one after the other. */
  private final class Parts extends InputStream {
    private final int fd;
    private final List<TarEntry.Extent> extents;
    private int extent = -1;
    private long read;
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
      read += got;
      progress.at(what, read, 0);
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
}
