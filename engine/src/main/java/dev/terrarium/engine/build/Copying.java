package dev.terrarium.engine.build;

import dev.terrarium.engine.dockerfile.PathPatterns;
import dev.terrarium.engine.file.RawPath;
import dev.terrarium.engine.image.Compression;
import dev.terrarium.engine.tar.TarEntry;
import dev.terrarium.engine.tar.TarFormatException;
import dev.terrarium.engine.tar.TarLimits;
import dev.terrarium.engine.tar.TarReader;
import dev.terrarium.engine.tar.TarWriter;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.zip.ZipException;

/**
 * Copies files into a layer: what is found, where it comes to lie, and the layer's archive. Every
 * path is resolved among the image's own files, so that no symbolic link leads out, and written
 * without links. Source: Dockerfile reference, "COPY" and "ADD".
 */
final class Copying {
  /** A name of a layer that begins so hides a file instead of being one. */
  private static final String WHITEOUT = ".wh.";

  private static final int BUFFER = 1 << 16;

  /**
   * How it is copied.
   *
   * @param owner of everything; empty for root, or as it is in another stage
   * @param mode of every file; empty for as it is
   * @param unpacks whether archives are unpacked
   * @param made the time of what is new, in seconds since 1970
   * @param latest what no copied file is newer than
   */
  record Manner(
      Optional<Owner> owner,
      Optional<Integer> mode,
      boolean unpacks,
      long made,
      Optional<Long> latest) {}

  /** Numbers as seen inside. */
  record Owner(long uid, long gid) {}

  /**
   * One thing to copy.
   *
   * @param relative to the source; the root for the source itself
   * @param digest of all that is copied of it
   */
  private record Item(Tree from, RawPath path, RawPath relative, Tree.Entry entry, String digest) {}

  /**
   * A source, with all that is in it if it is a folder.
   *
   * @param name what it is called where it comes to lie in a folder
   */
  private record Source(String name, List<Item> items) {
    Item self() {
      return items.getFirst();
    }
  }

  private final Tree into;
  private final List<Source> sources = new ArrayList<>();

  Copying(Tree into) {
    this.into = into;
  }

  /**
   * Adds what a source stands for.
   *
   * @param written as the line has it, wildcards and all
   * @param excluded paths, relative to the source, that are left out
   * @throws IllegalArgumentException if there is nothing of that name
   */
  void add(Tree from, String written, PathPatterns excluded) throws IOException {
    String bytes =
        new String(written.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    List<RawPath> found = new ArrayList<>();
    if (PathPatterns.isPattern(written)) {
      match(from, RawPath.ROOT, PathPatterns.pattern(written), found);
      if (found.isEmpty()) {
        throw new IllegalArgumentException("nothing fits \"" + written + "\"");
      }
    } else {
      found.add(RawPath.normal(bytes));
    }
    for (RawPath path : found) {
      RawPath real = from.follow(path);
      Tree.Entry entry =
          from.find(real)
              .orElseThrow(() ->
                  new IllegalArgumentException(
                      "\"%s\" is not there, or is left out by .dockerignore".formatted(written)));
      List<Item> items = new ArrayList<>();
      gather(from, real, RawPath.ROOT, entry, excluded, items);
      sources.add(new Source(name(path, real), items));
    }
  }

  /** A link keeps its own name. */
  private static String name(RawPath path, RawPath real) {
    return path.isRoot() ? real.name() : path.name();
  }

  private static void match(Tree tree, RawPath at, Pattern pattern, List<RawPath> found)
      throws IOException {
    for (String name : tree.names(at)) {
      RawPath path = at.child(name);
      String text = new String(path.toBytes(), StandardCharsets.UTF_8);
      if (pattern.matcher(text).matches()) {
        found.add(path);
      } else if (tree.find(path).filter(Tree.Entry::isFolder).isPresent()) {
        match(tree, path, pattern, found);
      }
    }
  }

  private void gather(
      Tree from,
      RawPath path,
      RawPath relative,
      Tree.Entry entry,
      PathPatterns excluded,
      List<Item> items)
      throws IOException {
    String text =
        new String(
            (relative.isRoot() ? RawPath.normal(path.name()) : relative).toBytes(),
            StandardCharsets.UTF_8);
    if (!text.isEmpty()
        && (!relative.isRoot() || !entry.isFolder())
        && excluded.leavesOut(text)
        && !(entry.isFolder() && excluded.mayTakeIn())) {
      return;
    }
    if (path.name().startsWith(WHITEOUT)) {
      throw hides(path);
    }
    items.add(new Item(from, path, relative, entry, digest(from, path, entry)));
    if (entry.isFolder()) {
      for (String name : from.names(path)) {
        RawPath child = path.child(name);
        Optional<Tree.Entry> found = from.find(child);
        if (found.isPresent()) {
          gather(from, child, relative.child(name), found.get(), excluded, items);
        }
      }
    }
  }

  /** A name that would mean something else in a layer. */
  private static IllegalArgumentException hides(RawPath path) {
    return new IllegalArgumentException(
        "%s: in a layer a name that begins with .wh. hides a file; call it otherwise"
            .formatted(path.shown()));
  }

  private static String digest(Tree from, RawPath path, Tree.Entry entry) throws IOException {
    MessageDigest sha256 = sha256();
    String head =
        entry.type()
            + " "
            + entry.mode()
            + " "
            + entry.uid()
            + " "
            + entry.gid()
            + " "
            + entry.link()
            + "\n";
    sha256.update(head.getBytes(StandardCharsets.ISO_8859_1));
    if (entry.isFile()) {
      try (InputStream content = new DigestInputStream(from.open(path), sha256)) {
        content.transferTo(OutputStream.nullOutputStream());
      }
    }
    return HexFormat.of().formatHex(sha256.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  /** The digest of everything that was added since that many sources. */
  String digestFrom(int source) {
    MessageDigest sha256 = sha256();
    for (Source added : sources.subList(source, sources.size())) {
      for (Item item : added.items()) {
        String line = added.name() + " " + item.relative().bytes() + " " + item.digest() + "\n";
        sha256.update(line.getBytes(StandardCharsets.ISO_8859_1));
      }
    }
    return HexFormat.of().formatHex(sha256.digest());
  }

  /** The digest of each file, by its path. */
  Map<String, String> digests() {
    Map<String, String> digests = new TreeMap<>();
    for (Source source : sources) {
      for (Item item : source.items()) {
        if (!item.entry().isFolder()) {
          digests.put(item.path().shown(), item.digest().substring(0, 16));
        }
      }
    }
    return digests;
  }

  int size() {
    return sources.size();
  }

  // Where it comes to lie.

  /** What the layer is to have at a path; a folder that the image has already is left as it is. */
  private sealed interface Placed {
    record Copied(Item item) implements Placed {}

    record Made() implements Placed {}
  }

  private final Map<RawPath, Placed> placed = new TreeMap<>();

  /** Archives that are unpacked, with the folder into which. */
  private record Unpacking(Item item, RawPath folder) {}

  private final List<Unpacking> unpackings = new ArrayList<>();

  /**
   * Decides where everything is to be.
   *
   * @param target absolute, as seen inside
   * @throws IllegalArgumentException if something stands in its place
   */
  void placeAt(String target, boolean unpacks) throws IOException {
    boolean folder = target.endsWith("/") || target.endsWith("/.") || sources.size() > 1;
    RawPath path = into.follow(RawPath.of(target));
    Optional<Tree.Entry> there = path.isRoot() ? Optional.empty() : into.find(path);
    boolean isFolder = path.isRoot() || there.filter(Tree.Entry::isFolder).isPresent();
    for (Source source : sources) {
      Item self = source.self();
      if (unpacks && self.entry().isFile() && isArchive(self)) {
        makeWay(path);
        unpackings.add(new Unpacking(self, path));
      } else if (self.entry().isFolder()) {
        makeWay(path);
        for (Item item : source.items().subList(1, source.items().size())) {
          put(below(path, item.relative()), new Placed.Copied(item));
        }
      } else if (folder || isFolder) {
        makeWay(path);
        put(path.child(source.name()), new Placed.Copied(self));
      } else {
        makeWay(path.parent());
        put(path, new Placed.Copied(self));
      }
    }
  }

  private static RawPath below(RawPath folder, RawPath relative) {
    return folder.isRoot() ? relative : new RawPath(folder.bytes() + "/" + relative.bytes());
  }

  /** A folder, made if the image has none there, with all above it. */
  void makeWay(RawPath folder) throws IOException {
    if (folder.isRoot() || placed.get(folder) instanceof Placed.Made) {
      return;
    }
    makeWay(folder.parent());
    Optional<Tree.Entry> there = into.find(folder);
    boolean file =
        placed.get(folder) instanceof Placed.Copied(Item item) && !item.entry().isFolder();
    if (file || (there.isPresent() && !there.get().isFolder())) {
      throw new IllegalArgumentException(
          "/%s is no folder in the image, so nothing can be put into it".formatted(folder.shown()));
    }
    if (there.isEmpty() && !placed.containsKey(folder)) {
      placed.put(folder, new Placed.Made());
    }
  }

  private void put(RawPath path, Placed.Copied copied) throws IOException {
    Optional<Tree.Entry> there = into.find(path);
    boolean folder = copied.item().entry().isFolder();
    if (there.isPresent()
        && there.get().isFolder() != folder
        && (folder || there.get().isFolder())) {
      throw new IllegalArgumentException(
          "/%s is %s in the image, and %s is to take its place"
              .formatted(
                  path.shown(), folder ? "no folder" : "a folder", folder ? "a folder" : "a file"));
    }
    Placed before = placed.get(path);
    boolean wasFolder =
        before instanceof Placed.Made
            || (before instanceof Placed.Copied(Item item) && item.entry().isFolder());
    if (before != null && wasFolder != folder) {
      throw new IllegalArgumentException(
          "/%s is to be a folder and a file at once".formatted(path.shown()));
    }
    placed.put(path, copied);
  }

  // Archives.

  private static boolean isArchive(Item item) throws IOException {
    try (BufferedInputStream packed = packed(item)) {
      byte[] magic = packed.readNBytes(6);
      String text = new String(magic, StandardCharsets.ISO_8859_1);
      if (text.startsWith("BZh") || text.startsWith("\u00fd7zXZ")) {
        throw new IllegalArgumentException(
            "%s: archives of bzip2 and xz are not unpacked here; use gzip or zstd, or COPY"
                .formatted(item.path().shown()));
      }
    }
    try (BufferedInputStream packed = packed(item);
        InputStream plain = Compression.of(packed).open(packed)) {
      return new TarReader(plain, TarLimits.USUAL).next().isPresent();
    } catch (TarFormatException | ZipException e) {
      return false;
    }
  }

  private static BufferedInputStream packed(Item item) throws IOException {
    return new BufferedInputStream(item.from().open(item.path()), BUFFER);
  }

  // The layer.

  /** Writes all members. */
  void write(TarWriter archive, Manner manner) throws IOException {
    for (Map.Entry<RawPath, Placed> place : placed.entrySet()) {
      switch (place.getValue()) {
        case Placed.Made() -> archive.put(made(place.getKey(), manner), none());
        case Placed.Copied(Item item) -> copy(place.getKey(), item, archive, manner);
      }
    }
    for (Unpacking unpacking : unpackings) {
      unpack(unpacking, archive, manner);
    }
  }

  /** Whether the layer would have nothing in it. */
  boolean placesNothing() {
    return placed.isEmpty() && unpackings.isEmpty();
  }

  private static InputStream none() {
    return InputStream.nullInputStream();
  }

  private static TarEntry made(RawPath path, Manner manner) {
    Owner owner = manner.owner().orElse(new Owner(0, 0));
    return member(
        path.bytes(),
        new Tree.Entry(TarEntry.Type.FOLDER, 0755, owner.uid(), owner.gid(), 0, manner.made(), ""),
        Map.of());
  }

  private static TarEntry member(String path, Tree.Entry entry, Map<String, byte[]> attributes) {
    return new TarEntry(
        path,
        entry.type(),
        entry.link(),
        entry.mode(),
        entry.uid(),
        entry.gid(),
        entry.size(),
        entry.modified(),
        0,
        0,
        0,
        attributes,
        List.of(),
        false);
  }

  private static long time(long modified, Manner manner) {
    return Math.min(modified, manner.latest().orElse(Long.MAX_VALUE));
  }

  private static void copy(RawPath path, Item item, TarWriter archive, Manner manner)
      throws IOException {
    Tree.Entry entry = item.entry();
    switch (entry.type()) {
      case CHARACTER, BLOCK, FIFO ->
          throw new IllegalArgumentException(
              item.path().shown() + " is a device, fifo or socket, which is not copied");
      case FILE, HARD_LINK, SYMLINK, FOLDER -> {}
    }
    boolean link = entry.type() == TarEntry.Type.SYMLINK;
    Tree.Entry as =
        new Tree.Entry(
            entry.type(),
            link ? 0777 : manner.mode().orElse(entry.mode()),
            manner.owner().map(Owner::uid).orElse(entry.uid()),
            manner.owner().map(Owner::gid).orElse(entry.gid()),
            entry.isFile() ? entry.size() : 0,
            time(entry.modified(), manner),
            link ? entry.link() : "");
    TarEntry member = member(path.bytes(), as, item.from().attributes(item.path()));
    if (entry.isFile()) {
      try (InputStream content = item.from().open(item.path())) {
        archive.put(member, content);
      }
    } else {
      archive.put(member, none());
    }
  }

  /** Members keep what the archive says of them; only where they are is another place. */
  private static void unpack(Unpacking unpacking, TarWriter archive, Manner manner)
      throws IOException {
    try (BufferedInputStream packed = packed(unpacking.item());
        InputStream plain = new BufferedInputStream(Compression.of(packed).open(packed), BUFFER)) {
      TarReader reader = new TarReader(plain, TarLimits.USUAL);
      for (Optional<TarEntry> next = reader.next(); next.isPresent(); next = reader.next()) {
        TarEntry entry = next.get();
        RawPath path = RawPath.normal(entry.path());
        if (path.isRoot()) {
          continue;
        }
        if (path.name().startsWith(WHITEOUT)) {
          throw hides(path);
        }
        archive.put(
            moved(entry, below(unpacking.folder(), path), unpacking.folder(), manner),
            new Content(reader));
      }
    } catch (TarFormatException e) {
      throw new IOException(unpacking.item().path().shown() + ": " + e.getMessage(), e);
    }
  }

  private static TarEntry moved(TarEntry entry, RawPath path, RawPath folder, Manner manner) {
    boolean hardLink = entry.type() == TarEntry.Type.HARD_LINK;
    return new TarEntry(
        path.bytes(),
        entry.type(),
        hardLink ? below(folder, RawPath.normal(entry.link())).bytes() : entry.link(),
        entry.mode(),
        manner.owner().map(Owner::uid).orElse(entry.uid()),
        manner.owner().map(Owner::gid).orElse(entry.gid()),
        entry.size(),
        time(entry.modified(), manner),
        entry.modifiedNanos(),
        entry.major(),
        entry.minor(),
        entry.attributes(),
        entry.data(),
        entry.sparse());
  }

  /** What an archive holds for the member that was read last. */
  private static final class Content extends InputStream {
    private final TarReader reader;

    Content(TarReader reader) {
      this.reader = reader;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 1 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
      int got = reader.read(into, from, length);
      return got > 0 ? got : -1;
    }
  }
}
