package dev.terrarium.engine.image;

import dev.terrarium.engine.file.RawPath;
import dev.terrarium.engine.journal.StateFolder;
import dev.terrarium.engine.journal.Trees;
import dev.terrarium.engine.layer.LayerEntry;
import dev.terrarium.engine.layer.LayerPacker;
import dev.terrarium.engine.layer.LayerSource;
import dev.terrarium.engine.layer.Overlay;
import dev.terrarium.engine.layer.Progress;
import dev.terrarium.engine.tar.TarEntry;
import dev.terrarium.engine.tar.TarLimits;
import dev.terrarium.engine.tar.TarReader;
import dev.terrarium.engine.tar.TarWriter;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileLockInterruptionException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;

/**
 * The images of this host, by content. Any number of engines may read and add at once; throwing
 * away waits until nobody does.
 *
 * <pre>
 *   images/blobs/sha256/…    manifests, configurations, layers as archives
 *   images/layers/CHAIN/     layers as folders
 *   images/references/…      names
 * </pre>
 */
public final class ImageStore {
  /** The reference of the built-in image. */
  public static final String LESSON = "lesson";

  private static final int BUFFER = 1 << 17;

  private final StateFolder state;
  private final Path beside;
  private final boolean privileged;
  private final Blobs blobs;
  private final UnpackedLayers layers;
  private final References references;
  private final StoreLock lock;

  /** Found once; to find it means to look at all the tools that it would be built from. */
  private List<Path> lessonLayers = List.of();

  /**
   * Opens the store of a state folder.
   *
   * @param beside a folder for unfinished things, which somebody clears up after a crash
   * @param privileged whether this process may set owners and make devices
   */
  public ImageStore(StateFolder state, Path beside, boolean privileged) {
    this.state = state;
    this.beside = beside;
    this.privileged = privileged;
    Path images = state.images();
    this.blobs = new Blobs(images.resolve("blobs"), beside);
    this.layers = new UnpackedLayers(images.resolve("layers"), beside, privileged);
    this.references = new References(images.resolve("references"), beside);
    this.lock = StoreLock.of(images.resolve(".lock"));
  }

  /** All images by name. */
  public List<Image> images() throws IOException {
    try (var _ = lock.shared()) {
      return named();
    }
  }

  private List<Image> named() throws IOException {
    List<Image> images = new ArrayList<>();
    for (Map.Entry<String, Digest> reference : references.all().entrySet()) {
      images.add(read(reference.getKey(), reference.getValue()));
    }
    return images;
  }

  /** All names, the built-in image's among them even before it is built. */
  public List<String> references() throws IOException {
    Set<String> names = new TreeSet<>(references.all().keySet());
    names.add(LESSON);
    return List.copyOf(names);
  }

  /**
   * One image, by its name or by its digest, {@code sha256:…}; with {@code #2} behind it, only its
   * first two layers.
   *
   * @throws IllegalArgumentException if there is none of that name, or it has fewer layers
   */
  public Image image(String reference) throws IOException {
    int mark = reference.lastIndexOf('#');
    if (mark >= 0) {
      Image whole = image(reference.substring(0, mark));
      return whole.upTo(layer(reference, reference.substring(mark + 1), whole));
    }
    if (reference.equals(LESSON)) {
      lesson();
    }
    try (var _ = lock.shared()) {
      return read(reference, manifest(reference));
    }
  }

  private static int layer(String reference, String number, Image image) {
    int most = image.layers().size();
    if (!number.matches("\\d{1,3}")
        || Integer.parseInt(number) < 1
        || Integer.parseInt(number) > most) {
      throw new IllegalArgumentException(
          "%s: there is no layer \"%s\"; %s has 1 to %d"
              .formatted(reference, number, image.reference(), most));
    }
    return Integer.parseInt(number);
  }

  private Digest manifest(String reference) throws IOException {
    return references
        .find(reference)
        .or(() -> byDigest(reference))
        .orElseThrow(() ->
            new IllegalArgumentException(
                "image \"%s\": there is no such image; there is: %s, or use --rootfs DIR"
                    .formatted(reference, names())));
  }

  /** A manifest that has no name, or whose name does not matter. */
  private Optional<Digest> byDigest(String reference) {
    return reference.matches("sha256:[0-9a-f]{64}")
        ? Optional.of(Digest.parse(reference)).filter(blobs::has)
        : Optional.empty();
  }

  private String names() {
    try {
      return references().stream().limit(10).collect(Collectors.joining(", "));
    } catch (IOException e) {
      return LESSON;
    }
  }

  /** One that is known to be there. */
  Image present(String reference) throws IOException {
    return read(reference, references.find(reference).orElseThrow());
  }

  private Image read(String reference, Digest digest) throws IOException {
    Manifest manifest = Manifest.of(blobs.read(digest), "manifest " + digest.brief());
    ImageConfig config =
        ImageConfig.of(
            blobs.read(manifest.config().digest()),
            "configuration " + manifest.config().digest().brief());
    return Image.of(reference, digest, manifest, config);
  }

  /**
   * The image's read-only layers as folders, top first; what is not unpacked yet is unpacked.
   *
   * @throws IllegalArgumentException if there is no such image
   */
  public List<Path> layers(String reference) throws IOException {
    return reference.equals(LESSON) ? lesson() : folders(image(reference));
  }

  /** The same for an image that was looked up. */
  public List<Path> folders(Image image) throws IOException {
    try (var _ = lock.shared()) {
      List<Digest> lower = new ArrayList<>();
      for (Image.Layer layer : image.layers()) {
        if (!layers.has(layer.chainId())) {
          unpack(layer, lower);
        }
        lower.add(layer.chainId());
      }
      return lower.reversed().stream().map(layers::path).toList();
    }
  }

  /**
   * The image that has those layers: that of a certain name, or any other.
   *
   * @param folders top first
   */
  public Optional<Image> ofLayers(String likely, List<Path> folders) throws IOException {
    List<Image> all = new ArrayList<>(images());
    all.sort(Comparator.comparing(image -> !image.reference().equals(likely)));
    return all.stream()
        .filter(image ->
            image.layers().reversed().stream()
                .map(layer -> layers.path(layer.chainId()))
                .toList()
                .equals(folders))
        .findFirst();
  }

  /**
   * What each layer of an image says of each path, base first; from its archive, if it is not
   * unpacked.
   */
  public List<List<LayerEntry>> entries(Image image) throws IOException {
    List<List<LayerEntry>> entries = new ArrayList<>();
    try (var _ = lock.shared()) {
      for (Image.Layer layer : image.layers()) {
        entries.add(
            layers.has(layer.chainId()) ? layers.entries(layer.chainId()) : archived(layer));
      }
    }
    return entries;
  }

  private List<LayerEntry> archived(Image.Layer layer) throws IOException {
    List<LayerEntry> entries = new ArrayList<>();
    try (InputStream plain = archive(layer)) {
      TarReader archive = new TarReader(plain, TarLimits.USUAL);
      Optional<TarEntry> next = archive.next();
      while (next.isPresent()) {
        entries.add(LayerEntry.of(next.get()));
        next = archive.next();
      }
    }
    return entries;
  }

  private void unpack(Image.Layer layer, List<Digest> lower) throws IOException {
    try (InputStream plain = archive(layer);
        UnpackedLayers.Unpacking unpacking = layers.begin(lower)) {
      unpacking.unpack(plain, TarLimits.USUAL, "layer " + layer.diffId().brief(), Progress.NONE);
      unpacking.keep(layer.chainId());
    }
  }

  /** A layer's archive, uncompressed. */
  public InputStream archive(Image.Layer layer) throws IOException {
    BufferedInputStream packed = new BufferedInputStream(blobs.open(layer.blob().digest()), BUFFER);
    return new BufferedInputStream(Compression.of(packed).open(packed), BUFFER);
  }

  /**
   * What an import is told.
   *
   * @param name what the image is to be called here; empty for its own name, or the file's
   * @param wanted which image of several
   * @param platform which platform of several, {@code os/architecture[/variant]}
   * @param limits beyond which an archive is refused
   */
  public record Import(
      Optional<String> name, Optional<String> wanted, String platform, TarLimits limits) {
    public static final Import USUAL =
        new Import(Optional.empty(), Optional.empty(), Platform.host(), TarLimits.USUAL);

    public Import named(String as) {
      return new Import(Optional.of(References.valid(as)), wanted, platform, limits);
    }
  }

  /**
   * An image that was taken in.
   *
   * @param compromises what could not be made as the archive wants it, and how often; empty as root
   */
  public record Imported(Image image, Map<String, Integer> compromises) {}

  /**
   * Takes in an OCI layout, a {@code docker save} archive, or a root file system; nothing remains
   * of one that fails or is cancelled.
   *
   * @throws ImageException with what is wrong with it
   */
  public Imported take(Path from, Import how, Progress progress) throws IOException {
    how.name().ifPresent(References::valid);
    return interruptible("import " + from.getFileName(), () -> taken(from, how, progress));
  }

  private Imported taken(Path from, Import how, Progress progress) throws IOException {
    try (var _ = lock.shared()) {
      Importer importer = new Importer(blobs, layers, beside, how.limits(), progress);
      Importer.Taken taken = importer.take(from, how.wanted(), how.platform());
      String name =
          how.name().or(() -> taken.name().filter(own -> !own.isEmpty())).orElse(nameOf(from));
      references.put(References.valid(name), taken.manifest());
      return new Imported(read(name, taken.manifest()), importer.compromises());
    }
  }

  private interface Work<T> {
    T done() throws IOException;
  }

  /** An interrupted thread finds its file closed; that is no fault of the file. */
  private static <T> T interruptible(String what, Work<T> work) throws IOException {
    try {
      return work.done();
    } catch (ClosedByInterruptException | FileLockInterruptionException e) {
      InterruptedIOException told = new InterruptedIOException(what + ": interrupted");
      told.initCause(e);
      throw told;
    }
  }

  /**
   * What an image says of itself before it is taken in.
   *
   * @param layers how many bytes each has there, perhaps compressed, base first
   */
  public record Outlook(ImageConfig config, List<Long> layers) {
    public Outlook {
      layers = List.copyOf(layers);
    }
  }

  /**
   * Looks at an image without taking it in: no layer is read, however large.
   *
   * @return empty for a root file system, which says nothing of itself
   */
  public Optional<Outlook> look(Path from, Import how, Progress progress) throws IOException {
    Importer importer = new Importer(blobs, layers, beside, how.limits(), progress);
    return importer
        .look(from, how.wanted(), how.platform())
        .map(seen -> new Outlook(seen.config(), seen.layers()));
  }

  private static String nameOf(Path file) {
    String name = file.toAbsolutePath().normalize().getFileName().toString();
    return name.replaceAll("(\\.oci|\\.docker)?\\.(tar|tgz|tar\\.gz|tar\\.zst)$", "")
        .replaceAll("[^A-Za-z0-9._-]", "-");
  }

  /** The forms in which an image leaves. */
  public enum Format {
    /** An OCI image layout in a tar archive. */
    OCI,
    /** What {@code docker load} reads. */
    DOCKER
  }

  /**
   * Writes an image into a file, which is there whole or not at all. The same image is the same
   * bytes.
   */
  public void export(String reference, Path file, Format format, Progress progress)
      throws IOException {
    Image image = image(reference);
    Path target = file.toAbsolutePath();
    Path fresh = Files.createTempFile(target.getParent(), ".export-", "");
    try (var _ = lock.shared()) {
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(fresh), BUFFER);
          TarWriter archive = new TarWriter(out)) {
        new Exporter(blobs, archive, progress).write(image, format);
      }
      Files.move(fresh, target, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  /**
   * What a new image is to be.
   *
   * @param base the image below; empty for none
   * @param config of the new image, before the layer is added
   * @param createdBy for the history
   * @param comment for the history; empty for none
   * @param reference its name; empty for one on which another is built at once
   */
  public record Making(
      Optional<Image> base,
      ImageConfig config,
      String createdBy,
      String comment,
      Instant created,
      Optional<String> reference) {
    public Making {
      reference.ifPresent(References::valid);
    }
  }

  /**
   * A layer whose archive is in the store.
   *
   * @param diffId the digest of the archive, uncompressed
   * @param blob the archive, as it is stored
   */
  public record Packed(Digest diffId, Descriptor blob) {}

  /**
   * Packs a folder as a layer, which is no image's yet: {@link #hold} until it is. Nothing remains
   * of one that fails or is cancelled.
   */
  public Packed pack(LayerSource source, Progress progress) throws IOException {
    return interruptible("pack " + source.folder(), () -> packed(source, progress));
  }

  private Packed packed(LayerSource source, Progress progress) throws IOException {
    try (var _ = lock.shared();
        Blobs.Writer blob = blobs.new Writer()) {
      Digest diffId = pack(source, blob, progress);
      long size = blob.size();
      return new Packed(diffId, new Descriptor(Descriptor.LAYER_GZIP, blob.keep(), size));
    }
  }

  /** Writes the members of a layer. */
  public interface ArchiveSource {
    void write(TarWriter archive) throws IOException;
  }

  /** {@link #pack(LayerSource, Progress)} of members that lie in no folder. */
  public Packed pack(ArchiveSource source) throws IOException {
    try (var _ = lock.shared();
        Blobs.Writer blob = blobs.new Writer()) {
      Digest diffId = pack(source, blob);
      long size = blob.size();
      return new Packed(diffId, new Descriptor(Descriptor.LAYER_GZIP, blob.keep(), size));
    }
  }

  /** Whether a layer that was packed once is there still. */
  public boolean has(Packed layer) {
    return blobs.has(layer.blob().digest());
  }

  /** An image that is the one below, but for its configuration. */
  public Image keep(Optional<Image> base, ImageConfig config, Optional<String> reference)
      throws IOException {
    try (var _ = lock.shared()) {
      Instant unused = Instant.EPOCH;
      return store(new Making(base, config, "", "", unused, reference), config, List.of());
    }
  }

  /** The image below with one more layer on top, or the first one of a new image. */
  public Image commit(Making making, Packed layer) throws IOException {
    try (var _ = lock.shared()) {
      ImageConfig grown =
          making
              .config()
              .withLayer(layer.diffId(), making.created(), making.createdBy(), making.comment());
      return store(making, grown, List.of(layer.blob()));
    }
  }

  /** Both at once: a folder becomes a layer on top of an image. */
  public Image commit(Making making, LayerSource source, Progress progress) throws IOException {
    try (var _ = lock.shared()) {
      return commit(making, pack(source, progress));
    }
  }

  /** An image that differs from the one below in its configuration only. */
  public Image configure(Making making) throws IOException {
    try (var _ = lock.shared()) {
      ImageConfig same =
          making.config().withHistory(making.created(), making.createdBy(), making.comment());
      return store(making, same, List.of());
    }
  }

  private Image store(Making making, ImageConfig config, List<Descriptor> more) throws IOException {
    byte[] document = config.bytes();
    List<Descriptor> all = new ArrayList<>();
    making.base().ifPresent(image -> image.layers().forEach(layer -> all.add(layer.blob())));
    all.addAll(more);
    Manifest manifest =
        new Manifest(new Descriptor(Descriptor.CONFIG, blobs.put(document), document.length), all);
    Digest digest = blobs.put(manifest.bytes());
    if (making.reference().isPresent()) {
      references.put(making.reference().get(), digest);
    }
    return read(making.reference().orElse(""), digest);
  }

  /** {@link #commit(Making, LayerSource, Progress)} of a folder as this process would mark it. */
  public Image commit(
      Optional<Image> base,
      ImageConfig config,
      Path folder,
      Predicate<RawPath> wanted,
      String createdBy,
      Instant created,
      Optional<String> reference,
      Progress progress)
      throws IOException {
    return commit(
        new Making(base, config, createdBy, "", created, reference),
        new LayerSource(folder, Overlay.of(privileged), LayerSource.Selection.of(wanted)),
        progress);
  }

  /** As long as it is held, nothing is thrown away: for several images that build on each other. */
  public Hold hold() throws IOException {
    StoreLock.Held held = lock.shared();
    return held::close;
  }

  /** See {@link #hold}. */
  public interface Hold extends AutoCloseable {
    @Override
    void close() throws IOException;
  }

  private Digest pack(LayerSource source, OutputStream to, Progress progress) throws IOException {
    try (LayerPacker packer = new LayerPacker(source)) {
      return pack(
          archive -> packer.pack(archive::put, "pack " + source.folder().getFileName(), progress),
          to);
    }
  }

  private static Digest pack(ArchiveSource source, OutputStream to) throws IOException {
    MessageDigest sha256 = Digest.sha256();
    try (OutputStream out =
        new DigestOutputStream(
            new BufferedOutputStream(new GZIPOutputStream(new LeftOpen(to), BUFFER), BUFFER),
            sha256)) {
      TarWriter archive = new TarWriter(out);
      source.write(archive);
      archive.close();
    }
    return Digest.finish(sha256);
  }

  /** Its owner closes what is below. */
  private static final class LeftOpen extends FilterOutputStream {
    LeftOpen(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      out.write(bytes, from, length);
    }

    @Override
    public void close() throws IOException {
      flush();
    }
  }

  /**
   * Forgets a name; what nothing refers to any more stays until {@link #collect}.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public void remove(String reference) throws IOException {
    if (!references.remove(reference)) {
      throw new IllegalArgumentException(
          "image \"%s\": there is no such image; there is: %s".formatted(reference, names()));
    }
  }

  /**
   * Throws away what no name and no running container needs.
   *
   * @param inUse the folders of layers that containers have mounted
   * @return what was removed, a line each
   */
  public List<String> collect(Set<Path> inUse) throws IOException {
    List<String> removed = new ArrayList<>();
    try (var _ = lock.alone()) {
      Set<String> keptBlobs = new HashSet<>();
      Set<String> keptLayers = new HashSet<>();
      for (Image image : named()) {
        keptBlobs.add(image.manifest().hex());
        keptBlobs.add(
            Manifest.of(blobs.read(image.manifest()), "manifest").config().digest().hex());
        for (Image.Layer layer : image.layers()) {
          keptBlobs.add(layer.blob().digest().hex());
          keptLayers.add(layer.chainId().hex());
        }
      }
      inUse.forEach(path -> path.forEach(name -> keptLayers.add(name.toString())));
      for (Path layer : layers.all()) {
        if (!keptLayers.contains(layer.getFileName().toString())) {
          Trees.remove(layer);
          removed.add("layer " + layer.getFileName());
        }
      }
      for (Path blob : blobs.all()) {
        if (!keptBlobs.contains(blob.getFileName().toString())) {
          Files.delete(blob);
          removed.add("blob " + blob.getFileName());
        }
      }
    }
    return removed;
  }

  private synchronized List<Path> lesson() throws IOException {
    if (!lessonLayers.stream().allMatch(Files::isDirectory) || lessonLayers.isEmpty()) {
      lessonLayers = new LessonImage(this, references, beside).layers();
    }
    return lessonLayers;
  }

  /** Where it all lives. */
  public StateFolder state() {
    return state;
  }
}
