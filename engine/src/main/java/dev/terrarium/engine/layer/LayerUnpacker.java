package dev.terrarium.engine.layer;

import dev.terrarium.engine.file.FileException;
import dev.terrarium.engine.file.RawFiles;
import dev.terrarium.engine.file.RawPath;
import dev.terrarium.engine.file.Stat;
import dev.terrarium.engine.tar.TarEntry;
import dev.terrarium.engine.tar.TarReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Unpacks one layer's archive into a folder of its own, as overlayfs wants it: a whiteout {@code
 * .wh.name} becomes a device 0:0, {@code .wh..wh..opq} an opaque folder. Source: OCI image-spec,
 * layer, "Applying Changesets".
 *
 * <p>An archive speaks of paths in the whole tree, and its symbolic links, or those of the layers
 * below, may lead such a path elsewhere. So each parent is resolved in the union of this layer and
 * those below, with the root as the end of every {@code ..}; what comes out has no symbolic link in
 * it, and the kernel is told to refuse if it had (openat2(2), RESOLVE_NO_SYMLINKS).
 */
public final class LayerUnpacker implements AutoCloseable {
  private static final String WHITEOUT = ".wh.";
  private static final String OPAQUE = ".wh..wh..opq";
  private static final String RESERVED = ".wh..wh.";

  /** MAXSYMLINKS. Source: path_resolution(7). */
  private static final int MOST_LINKS = 40;

  private static final int EPERM = 1;

  /** What a folder of this layer is to become when nothing more is put into it. */
  private record Pending(
      int mode, long uid, long gid, long modified, int nanos, Map<String, byte[]> attributes) {}

  /** A folder of which no layer says anything. */
  private static final Pending UNSAID = new Pending(0755, 0, 0, 0, 0, Map.of());

  private final RawFiles files = new RawFiles();
  private final Union below;
  private final Overlay overlay;
  private final boolean privileged;
  private final int root;
  private final byte[] buffer = new byte[1 << 17];

  /** Folders made here, and how they are to be left. */
  private final Map<RawPath, Pending> folders = new LinkedHashMap<>();

  /** Folders made here that hide what is below them. */
  private final Map<RawPath, Boolean> hiding = new HashMap<>();

  private final Map<String, RawPath> resolved = new HashMap<>();
  private final Map<String, Integer> compromises = new TreeMap<>();

  private RawPath lastFolder = RawPath.ROOT;
  private int lastDescriptor;

  /**
   * Prepares to unpack.
   *
   * @param target an empty folder, which becomes the layer
   * @param lower the layers below, top first, unpacked
   * @param privileged whether this process may set owners and make devices
   */
  public LayerUnpacker(Path target, List<Path> lower, boolean privileged) throws IOException {
    this.privileged = privileged;
    this.overlay = Overlay.of(privileged);
    this.below = new Union(files, lower, overlay);
    this.root = files.openFolder(target);
    this.lastDescriptor = root;
    folders.put(RawPath.ROOT, inherited(RawPath.ROOT));
  }

  /** Hears what the layer says, member by member. */
  public interface Listener {
    void unpacked(LayerEntry entry) throws IOException;
  }

  /**
   * Unpacks all members.
   *
   * @return what could not be made as the archive wants it, and how often; empty as root
   */
  public Map<String, Integer> unpack(
      TarReader archive, Listener listener, String what, Progress progress) throws IOException {
    Optional<TarEntry> next = archive.next();
    while (next.isPresent()) {
      TarEntry entry = next.get();
      try {
        put(entry, archive::read);
      } catch (FileException e) {
        throw failed(entry, e);
      }
      listener.unpacked(LayerEntry.of(entry));
      progress.at(what, archive.offset(), 0);
      next = archive.next();
    }
    finishFolders();
    return compromises;
  }

  /**
   * Copies the one tree that several layers make: of each path what is seen there.
   *
   * @return as {@link #unpack}
   */
  public Map<String, Integer> flatten(UnionPacker layers, String what, Progress progress)
      throws IOException {
    layers.pack(
        (entry, content) -> {
          try {
            put(entry, content::read);
          } catch (FileException e) {
            throw failed(entry, e);
          }
        },
        what,
        progress);
    finishFolders();
    return compromises;
  }

  private static LayerException failed(TarEntry entry, FileException e) {
    return new LayerException(RawPath.shown(entry.path()) + ": " + e.getMessage());
  }

  /** The stored content of one member; see {@link TarReader#read}. */
  private interface Content {
    int read(byte[] into, int from, int length) throws IOException;
  }

  private void put(TarEntry entry, Content archive) throws IOException {
    List<String> parts = RawPath.parts(entry.path());
    if (parts.isEmpty()) {
      if (entry.type() == TarEntry.Type.FOLDER) {
        folders.put(RawPath.ROOT, pending(entry));
      }
      return;
    }
    String name = parts.getLast();
    if (name.equals("..")) {
      throw new LayerException(RawPath.shown(entry.path()) + ": it has no name of its own");
    }
    RawPath parent = resolve(String.join("/", parts.subList(0, parts.size() - 1)));
    if (name.startsWith(WHITEOUT)) {
      whiteout(parent, name);
      return;
    }
    int folder = enter(parent);
    RawPath path = parent.child(name);
    boolean hidden = clear(folder, path, entry.type());
    switch (entry.type()) {
      case FILE -> file(folder, path, entry, archive);
      case HARD_LINK -> hardLink(path, entry);
      case SYMLINK -> {
        files.symlink(entry.link(), folder, name);
        attributes(folder, name, entry.uid(), entry.gid(), entry.attributes());
        files.touch(folder, name, entry.modified(), entry.modifiedNanos());
      }
      case CHARACTER, BLOCK, FIFO -> special(folder, path, entry);
      case FOLDER -> folder(folder, path, entry, hidden);
    }
    if (entry.type() != TarEntry.Type.FOLDER && !resolved.isEmpty()) {
      // What was a folder on some path may be a link, or nothing, now.
      resolved.clear();
    }
  }

  // Where a path leads.

  /** The folder that a path means, without symbolic links; it need not be there. */
  private RawPath resolve(String path) throws IOException {
    RawPath known = resolved.get(path);
    if (known == null) {
      known = walk(path);
      resolved.put(path, known);
    }
    return known;
  }

  private RawPath walk(String path) throws IOException {
    Deque<String> ahead = new ArrayDeque<>(RawPath.parts(path));
    RawPath here = RawPath.ROOT;
    int links = 0;
    while (!ahead.isEmpty()) {
      String part = ahead.pop();
      if (part.equals("..")) {
        here = here.parent();
        continue;
      }
      RawPath there = here.child(part);
      Optional<String> link = linkAt(there);
      if (link.isEmpty()) {
        here = there;
        continue;
      }
      if (++links > MOST_LINKS) {
        throw new LayerException(RawPath.shown(path) + ": too many symbolic links");
      }
      if (link.get().startsWith("/")) {
        here = RawPath.ROOT;
      }
      List<String> detour = RawPath.parts(link.get());
      for (String step : detour.reversed()) {
        ahead.push(step);
      }
    }
    return here;
  }

  /** Where the symbolic link at that path leads, if there is one in this layer or below. */
  private Optional<String> linkAt(RawPath path) throws IOException {
    if (folders.containsKey(path)) {
      return Optional.empty();
    }
    if (folders.containsKey(path.parent())) {
      int folder = enter(path.parent());
      Optional<Stat> own = files.stat(folder, path.name());
      if (own.isPresent()) {
        return own.get().isSymlink()
            ? Optional.of(files.readLink(folder, path.name()))
            : Optional.empty();
      }
    }
    if (hidden(path)) {
      return Optional.empty();
    }
    Optional<Union.Found> found = below.find(path);
    if (found.isEmpty() || !found.get().stat().isSymlink()) {
      return Optional.empty();
    }
    return Optional.of(files.readLink(found.get().folder(), found.get().name()));
  }

  /** Whether what the layers below have at that path is hidden by this layer. */
  private boolean hidden(RawPath path) {
    for (RawPath at = path.parent(); !at.isRoot(); at = at.parent()) {
      if (hiding.containsKey(at)) {
        return true;
      }
    }
    return hiding.containsKey(RawPath.ROOT);
  }

  // Folders.

  /** The open folder of that path, made if this layer does not have it yet. */
  private int enter(RawPath path) throws IOException {
    if (path.equals(lastFolder)) {
      return lastDescriptor;
    }
    if (!folders.containsKey(path)) {
      make(path);
    }
    int opened = path.isRoot() ? root : files.openFolder(root, path.bytes());
    if (lastDescriptor != root) {
      files.close(lastDescriptor);
    }
    lastFolder = path;
    lastDescriptor = opened;
    return opened;
  }

  /** A folder that members lie in without being a member itself is as it is below. */
  private void make(RawPath path) throws IOException {
    int parent = enter(path.parent());
    boolean hides = clear(parent, path, TarEntry.Type.FOLDER);
    Pending as = hides ? UNSAID : inherited(path);
    if (files.stat(parent, path.name()).isEmpty()) {
      files.mkdir(parent, path.name(), 0700);
    }
    if (hides) {
      hide(parent, path);
    }
    folders.put(path, as);
  }

  private Pending inherited(RawPath path) throws IOException {
    Optional<Union.Found> found = hidden(path) ? Optional.empty() : below.find(path);
    if (found.isEmpty() || !found.get().stat().isFolder()) {
      return UNSAID;
    }
    Stat stat = found.get().stat();
    return new Pending(
        stat.permissions(),
        stat.uid(),
        stat.gid(),
        stat.modified(),
        stat.modifiedNanos(),
        ownAttributes(files.attributes(found.get().folder(), found.get().name())));
  }

  private static Map<String, byte[]> ownAttributes(Map<String, byte[]> attributes) {
    Map<String, byte[]> own = new TreeMap<>(attributes);
    own.keySet().removeIf(Overlay::owns);
    return own;
  }

  private static Pending pending(TarEntry entry) {
    return new Pending(
        entry.mode(),
        entry.uid(),
        entry.gid(),
        entry.modified(),
        entry.modifiedNanos(),
        ownAttributes(entry.attributes()));
  }

  private void folder(int parent, RawPath path, TarEntry entry, boolean hides) throws IOException {
    if (!folders.containsKey(path)) {
      files.mkdir(parent, path.name(), 0700);
      if (hides) {
        hide(parent, path);
      }
    }
    folders.put(path, pending(entry));
  }

  private void hide(int parent, RawPath path) throws IOException {
    overlay.makeOpaque(files, parent, path.name());
    hiding.put(path, true);
  }

  /** Children were put into them, so what they are to be like is set last, the deepest first. */
  private void finishFolders() throws IOException {
    for (Map.Entry<RawPath, Pending> made : List.copyOf(folders.entrySet()).reversed()) {
      RawPath path = made.getKey();
      Pending as = made.getValue();
      int folder = enter(path);
      attributes(folder, "", as.uid(), as.gid(), as.attributes());
      chmod(folder, ".", as.mode());
      files.touch(folder, ".", as.modified(), as.nanos());
    }
  }

  // Making room.

  /**
   * Takes away what this layer has at that path already, unless a folder meets a folder.
   *
   * @return whether it was a whiteout: a folder that takes its place hides the one below
   */
  private boolean clear(int folder, RawPath path, TarEntry.Type coming) throws IOException {
    Optional<Stat> there = files.stat(folder, path.name());
    if (there.isEmpty() || (there.get().isFolder() && coming == TarEntry.Type.FOLDER)) {
      return false;
    }
    boolean whiteout = there.get().isWhiteout();
    files.removeTree(folder, path.name());
    if (there.get().isFolder()) {
      forget(path);
    }
    return whiteout;
  }

  private void forget(RawPath path) {
    folders.keySet().removeIf(known -> known.isIn(path));
    hiding.keySet().removeIf(known -> known.isIn(path));
    resolved.clear();
    if (lastFolder.isIn(path)) {
      files.close(lastDescriptor);
      lastFolder = RawPath.ROOT;
      lastDescriptor = root;
    }
  }

  /** It hides what is below, never what this layer itself brings, whichever comes first. */
  private void whiteout(RawPath parent, String name) throws IOException {
    if (name.equals(OPAQUE)) {
      enter(parent);
      if (!parent.isRoot()) {
        hide(enter(parent.parent()), parent);
      } else {
        overlay.makeOpaque(files, root, "");
        hiding.put(RawPath.ROOT, true);
      }
      return;
    }
    if (name.startsWith(RESERVED)) {
      return;
    }
    String victim = name.substring(WHITEOUT.length());
    if (victim.isEmpty() || victim.equals(".") || victim.equals("..")) {
      throw new LayerException(RawPath.shown(name) + ": a whiteout of no name");
    }
    RawPath path = parent.child(victim);
    int folder = enter(parent);
    Optional<Stat> own = files.stat(folder, victim);
    if (own.isPresent()) {
      if (own.get().isFolder()) {
        hide(folder, path);
      }
      return;
    }
    // With nothing to hide, overlayfs would show nothing either; then none is needed.
    if (!hidden(path) && below.find(path).isPresent()) {
      overlay.makeWhiteout(files, folder, victim);
      resolved.clear();
    }
  }

  // Members.

  private void file(int folder, RawPath path, TarEntry entry, Content archive) throws IOException {
    int fd =
        files.open(
            folder, path.name(), RawFiles.O_WRONLY | RawFiles.O_CREAT | RawFiles.O_EXCL, 0600);
    try {
      content(fd, entry, archive);
      attributes(folder, path.name(), entry.uid(), entry.gid(), entry.attributes());
      files.chmod(fd, entry.mode());
    } finally {
      files.close(fd);
    }
    files.touch(folder, path.name(), entry.modified(), entry.modifiedNanos());
  }

  private void content(int fd, TarEntry entry, Content archive) throws IOException {
    if (!entry.sparse()) {
      int got = archive.read(buffer, 0, buffer.length);
      while (got > 0) {
        files.write(fd, buffer, 0, got);
        got = archive.read(buffer, 0, buffer.length);
      }
      return;
    }
    for (TarEntry.Extent extent : entry.data()) {
      files.seek(fd, extent.offset());
      long left = extent.length();
      while (left > 0) {
        int got = archive.read(buffer, 0, (int) Math.min(buffer.length, left));
        if (got < 0) {
          throw new LayerException(RawPath.shown(entry.path()) + ": its content is cut off");
        }
        files.write(fd, buffer, 0, got);
        left -= got;
      }
    }
    files.truncate(fd, entry.size());
  }

  private void special(int folder, RawPath path, TarEntry entry) throws IOException {
    int type =
        switch (entry.type()) {
          case CHARACTER -> Stat.CHARACTER;
          case BLOCK -> Stat.BLOCK;
          default -> Stat.FIFO;
        };
    long device = entry.major() << 32 | entry.minor();
    boolean whiteout = type == Stat.CHARACTER && device == 0;
    if (whiteout) {
      // Some tools write overlayfs's own form of a whiteout into the archive.
      overlay.makeWhiteout(files, folder, path.name());
      return;
    }
    if (!privileged && type != Stat.FIFO) {
      compromise("device made an empty file");
      files.close(
          files.open(
              folder, path.name(), RawFiles.O_WRONLY | RawFiles.O_CREAT | RawFiles.O_EXCL, 0600));
    } else {
      files.mknod(folder, path.name(), type | 0600, device);
    }
    attributes(folder, path.name(), entry.uid(), entry.gid(), entry.attributes());
    // Opening a device may have effects of its own; the descriptor is a name only.
    int fd = files.open(folder, path.name(), RawFiles.O_PATH, 0);
    try {
      files.chmodPath(fd, entry.mode());
    } finally {
      files.close(fd);
    }
    files.touch(folder, path.name(), entry.modified(), entry.modifiedNanos());
  }

  private void hardLink(RawPath path, TarEntry entry) throws IOException {
    List<String> parts = RawPath.parts(entry.link());
    if (parts.isEmpty() || parts.getLast().equals("..")) {
      throw new LayerException(
          path.shown() + ": a hard link to " + RawPath.shown(entry.link()) + ", which is no file");
    }
    RawPath target =
        resolve(String.join("/", parts.subList(0, parts.size() - 1))).child(parts.getLast());
    int from = enter(target.parent());
    Optional<Stat> own = files.stat(from, target.name());
    if (own.isEmpty()) {
      copyUp(target, entry);
      own = files.stat(enter(target.parent()), target.name());
    }
    if (own.isEmpty() || own.get().isFolder() || own.get().isWhiteout()) {
      throw new LayerException(
          path.shown() + ": a hard link to " + target.shown() + ", which is no file here");
    }
    // Two folders at once: one of them is not the last one entered.
    int source = target.parent().isRoot() ? -1 : files.openFolder(root, target.parent().bytes());
    try {
      files.link(source < 0 ? root : source, target.name(), enter(path.parent()), path.name());
    } finally {
      if (source >= 0) {
        files.close(source);
      }
    }
  }

  /**
   * A new name for a file of a layer below makes the file one of this layer's, as overlayfs does.
   */
  private void copyUp(RawPath target, TarEntry link) throws IOException {
    Optional<Union.Found> found = hidden(target) ? Optional.empty() : below.find(target);
    if (found.isEmpty() || !found.get().stat().isFile()) {
      throw new LayerException(
          RawPath.shown(link.path())
              + ": a hard link to "
              + target.shown()
              + ", which is not there");
    }
    Stat stat = found.get().stat();
    Map<String, byte[]> attributes =
        ownAttributes(files.attributes(found.get().folder(), target.name()));
    int from = files.open(found.get().folder(), target.name(), RawFiles.O_RDONLY, 0);
    int folder = enter(target.parent());
    int to =
        files.open(
            folder, target.name(), RawFiles.O_WRONLY | RawFiles.O_CREAT | RawFiles.O_EXCL, 0600);
    try {
      int got = files.read(from, buffer, 0, buffer.length);
      while (got > 0) {
        files.write(to, buffer, 0, got);
        got = files.read(from, buffer, 0, buffer.length);
      }
      attributes(folder, target.name(), stat.uid(), stat.gid(), attributes);
      files.chmod(to, stat.permissions());
    } finally {
      files.close(from);
      files.close(to);
    }
    files.touch(folder, target.name(), stat.modified(), stat.modifiedNanos());
  }

  /** Owner first: chown(2) takes setuid and file capabilities away. */
  private void attributes(
      int folder, String name, long uid, long gid, Map<String, byte[]> attributes)
      throws IOException {
    if (privileged) {
      files.chown(folder, name, uid, gid);
    } else if (uid != 0 || gid != 0) {
      compromise("owner became the user's own");
    }
    for (Map.Entry<String, byte[]> attribute : attributes.entrySet()) {
      String key = attribute.getKey();
      if (Overlay.owns(key)) {
        continue;
      }
      if (!privileged && !key.startsWith("user.")) {
        compromise("attribute " + RawPath.shown(key) + " left out");
        continue;
      }
      try {
        files.setAttribute(folder, name, key, attribute.getValue());
      } catch (FileException e) {
        // Not every file system keeps every attribute, and symbolic links keep few.
        if (e.errno() != 95 && e.errno() != EPERM) {
          throw e;
        }
        compromise("attribute " + RawPath.shown(key) + " left out");
      }
    }
  }

  private void chmod(int folder, String name, int mode) throws IOException {
    int fd = files.openFolder(folder, name);
    try {
      files.chmodPath(fd, mode);
    } finally {
      files.close(fd);
    }
  }

  private void compromise(String what) {
    compromises.merge(what, 1, Integer::sum);
  }

  @Override
  public void close() {
    if (lastDescriptor != root) {
      files.close(lastDescriptor);
    }
    below.close();
    files.close(root);
    files.close();
  }
}
