package dev.terrarium.engine.image;

import dev.terrarium.engine.layer.LayerPacker;
import dev.terrarium.engine.layer.LayerSource;
import dev.terrarium.engine.layer.Progress;
import dev.terrarium.engine.syscall.Bytes;
import dev.terrarium.engine.tar.TarFormatException;
import dev.terrarium.engine.tar.TarLimits;
import dev.terrarium.engine.tar.TarWriter;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.zip.ZipException;

/**
 * Takes an image in: an OCI layout (folder or tar), a {@code docker save} archive, a root file
 * system (folder or tar); each archive may be compressed. A layer is read once: hashed as it is,
 * stored, uncompressed, hashed again, unpacked.
 *
 * <pre>
 *   source ─▶ digest ─▶ blob
 *                 └──▶ uncompress ─▶ DiffID ─▶ folder
 * </pre>
 */
final class Importer {
  private static final int BUFFER = 1 << 17;

  private final Blobs blobs;
  private final UnpackedLayers layers;
  private final Path beside;
  private final TarLimits limits;
  private final Progress progress;
  private final Map<String, Integer> compromises = new TreeMap<>();

  Importer(Blobs blobs, UnpackedLayers layers, Path beside, TarLimits limits, Progress progress) {
    this.blobs = blobs;
    this.layers = layers;
    this.beside = beside;
    this.limits = limits;
    this.progress = progress;
  }

  /** What could not be made as the archive wants it, and how often. */
  Map<String, Integer> compromises() {
    return compromises;
  }

  /** An image that was taken in. */
  record Taken(Digest manifest, Optional<String> name) {}

  /**
   * Takes in one image.
   *
   * @param wanted the image's name in the source, if it holds several
   * @param platform {@code os/architecture[/variant]}, if the source holds several
   */
  Taken take(Path from, Optional<String> wanted, String platform) throws IOException {
    if (!Files.exists(from)) {
      throw new ImageException(from + ": no such file or folder");
    }
    if (Files.isDirectory(from)) {
      Optional<List<Offer>> offers = offers(new SourceFiles.Folder(from));
      return offers.isPresent()
          ? take(choose(from, offers.get(), wanted, platform))
          : takeFolder(from);
    }
    Path plain = uncompressed(from);
    try {
      Optional<List<Offer>> offers = offers(archive(from, plain));
      return offers.isPresent()
          ? take(choose(from, offers.get(), wanted, platform))
          : takeRootfs(from, plain);
    } finally {
      if (!plain.equals(from)) {
        Files.deleteIfExists(plain);
      }
    }
  }

  /**
   * What an image says of itself before any layer of it is read.
   *
   * @param layers how many bytes each has in the source, base first
   */
  record Outlook(ImageConfig config, List<Long> layers) {}

  /** Reads an image's documents; empty if it is a root file system, which has none. */
  Optional<Outlook> look(Path from, Optional<String> wanted, String platform) throws IOException {
    if (!Files.exists(from)) {
      throw new ImageException(from + ": no such file or folder");
    }
    Path plain = Files.isDirectory(from) ? from : uncompressed(from);
    try {
      Optional<List<Offer>> offers =
          offers(Files.isDirectory(from) ? new SourceFiles.Folder(from) : archive(from, plain));
      if (offers.isEmpty()) {
        return Optional.empty();
      }
      Offer.Parts parts = choose(from, offers.get(), wanted, platform).opener().open();
      return Optional.of(
          new Outlook(
              ImageConfig.of(parts.config().toArray(), "image configuration"),
              parts.layers().stream().map(Offer.Part::size).toList()));
    } finally {
      if (!plain.equals(from)) {
        Files.deleteIfExists(plain);
      }
    }
  }

  /** The images that it holds; empty if it is no image but a root file system. */
  private static Optional<List<Offer>> offers(SourceFiles files) throws IOException {
    if (files.size("manifest.json").isPresent()) {
      return Optional.of(DockerSource.offers(files));
    }
    if (files.size("index.json").isPresent() && files.size("oci-layout").isPresent()) {
      return Optional.of(LayoutSource.offers(files));
    }
    return Optional.empty();
  }

  private static SourceFiles archive(Path from, Path plain) throws IOException {
    try {
      return new SourceFiles.Archive(from, plain);
    } catch (TarFormatException e) {
      throw new ImageException(from + ": " + e.getMessage(), e);
    }
  }

  /** The file itself, or an uncompressed copy of it. */
  private Path uncompressed(Path from) throws IOException {
    try (BufferedInputStream in = new BufferedInputStream(Files.newInputStream(from), BUFFER)) {
      Compression compression = Compression.of(in);
      if (compression == Compression.NONE) {
        return from;
      }
      Files.createDirectories(beside);
      Path copy = Files.createTempFile(beside, "archive-", ".tar");
      boolean whole = false;
      try (InputStream plain = compression.open(in);
          OutputStream out = Files.newOutputStream(copy)) {
        copy(plain, out, "uncompress " + from.getFileName());
        whole = true;
        return copy;
      } catch (ZipException | EOFException e) {
        throw new ImageException(from + ": its compression is damaged: " + e.getMessage(), e);
      } finally {
        if (!whole) {
          Files.deleteIfExists(copy);
        }
      }
    }
  }

  private void copy(InputStream in, OutputStream out, String what) throws IOException {
    byte[] buffer = new byte[BUFFER];
    long done = 0;
    int got = in.read(buffer);
    while (got > 0) {
      done += got;
      if (done > limits.bytes()) {
        throw new ImageException(what + ": more than " + limits.bytes() + " bytes");
      }
      out.write(buffer, 0, got);
      progress.at(what, done, 0);
      got = in.read(buffer);
    }
  }

  private static Offer choose(
      Path from, List<Offer> offers, Optional<String> wanted, String platform)
      throws ImageException {
    List<Offer> named =
        offers.stream().filter(offer -> wanted.isEmpty() || offer.name().equals(wanted)).toList();
    if (named.isEmpty()) {
      throw new ImageException(
          "%s: no image %s in it; it holds: %s"
              .formatted(from, wanted.map(name -> "\"" + name + "\"").orElse(""), names(offers)));
    }
    List<Offer> fitting =
        named.stream()
            .filter(offer -> offer.platform().isEmpty() || fits(offer.platform().get(), platform))
            .toList();
    if (fitting.isEmpty()) {
      throw new ImageException(
          "%s: no image for %s in it; it holds: %s"
              .formatted(
                  from,
                  platform,
                  named.stream()
                      .flatMap(offer -> offer.platform().stream())
                      .distinct()
                      .collect(Collectors.joining(", "))));
    }
    long names = fitting.stream().map(Offer::name).distinct().count();
    if (names > 1) {
      throw new ImageException(
          "%s: several images in it, say which: %s".formatted(from, names(fitting)));
    }
    return fitting.getFirst();
  }

  private static String names(List<Offer> offers) {
    return offers.isEmpty()
        ? "none"
        : offers.stream()
            .map(offer -> offer.name().orElse("one without a name"))
            .distinct()
            .limit(20)
            .collect(Collectors.joining(", "));
  }

  /** A platform fits if it is that one or a variant of it. */
  private static boolean fits(String offered, String wanted) {
    return offered.equals(wanted) || offered.startsWith(wanted + "/");
  }

  private Taken take(Offer offer) throws IOException {
    Offer.Parts parts = offer.opener().open();
    byte[] document = parts.config().toArray();
    ImageConfig config = ImageConfig.of(document, "image configuration");
    List<Digest> diffIds = config.diffIds();
    if (diffIds.size() != parts.layers().size()) {
      throw new ImageException(
          "%d layers, but its configuration speaks of %d"
              .formatted(parts.layers().size(), diffIds.size()));
    }
    List<Digest> chain = UnpackedLayers.chain(diffIds);
    List<Descriptor> layerDescriptors = new ArrayList<>();
    for (int i = 0; i < diffIds.size(); i++) {
      layerDescriptors.add(
          layer(parts.layers().get(i), diffIds.get(i), chain.subList(0, i), chain.get(i)));
    }
    return new Taken(manifest(document, layerDescriptors), offer.name());
  }

  private Digest manifest(byte[] config, List<Descriptor> layerDescriptors) throws IOException {
    Digest configDigest = blobs.put(config);
    Manifest manifest =
        new Manifest(
            new Descriptor(Descriptor.CONFIG, configDigest, config.length), layerDescriptors);
    return blobs.put(manifest.bytes());
  }

  /** One layer through the whole pipe; what is there already is not made again. */
  private Descriptor layer(Offer.Part part, Digest diffId, List<Digest> lower, Digest chainId)
      throws IOException {
    String what = "layer " + diffId.brief();
    boolean unpack = !layers.has(chainId);
    try (Blobs.Writer blob = blobs.new Writer();
        Checked raw =
            new Checked(part.content().open(), part.digest().filter(Importer::unlikeBlob), blob);
        BufferedInputStream packed =
            new BufferedInputStream(new Tee(raw, blob, what, part.size()), BUFFER)) {
      Compression compression = Compression.of(packed);
      // What is not compressed has one digest, and to compute it twice would take as long again.
      boolean once = compression == Compression.NONE && diffId.algorithm().equals("sha256");
      try (Checked plain =
              new Checked(
                  compression.open(packed), once ? Optional.empty() : Optional.of(diffId), blob);
          UnpackedLayers.Unpacking unpacking = layers.begin(lower)) {
        if (unpack) {
          unpacking
              .unpack(new BufferedInputStream(plain, BUFFER), limits, what, Progress.NONE)
              .forEach((key, count) -> compromises.merge(key, count, Integer::sum));
        }
        // What follows the archive's end mark counts for the digests.
        drain(plain);
        drain(packed);
        raw.verify(part.digest(), what);
        plain.verify(Optional.of(diffId), what + ", uncompressed");
        if (unpack) {
          unpacking.keep(chainId);
        }
      }
      long size = blob.size();
      return new Descriptor(compression.mediaType(), blob.keep(), size);
    } catch (TarFormatException | ZipException | EOFException e) {
      throw new ImageException(what + ": " + e.getMessage(), e);
    }
  }

  /** The store's own digests are all of one kind. */
  private static boolean unlikeBlob(Digest digest) {
    return !digest.algorithm().equals("sha256");
  }

  private void drain(InputStream in) throws IOException {
    byte[] buffer = new byte[BUFFER];
    long done = 0;
    int got = in.read(buffer);
    while (got > 0) {
      done += got;
      if (done > limits.bytes()) {
        throw new ImageException("more than " + limits.bytes() + " bytes behind the archive's end");
      }
      got = in.read(buffer);
    }
  }

  // A root file system becomes an image of one layer.

  private Taken takeFolder(Path folder) throws IOException {
    Files.createDirectories(beside);
    Path packed = Files.createTempFile(beside, "rootfs-", ".tar");
    try {
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(packed), BUFFER);
          TarWriter archive = new TarWriter(out);
          LayerPacker packer = new LayerPacker(LayerSource.all(folder))) {
        packer.pack(archive::put, "pack " + folder, progress);
      }
      return takeRootfs(folder, packed);
    } finally {
      Files.deleteIfExists(packed);
    }
  }

  private Taken takeRootfs(Path origin, Path plain) throws IOException {
    MessageDigest sha256 = Digest.sha256();
    try (InputStream in = new Hashed(Files.newInputStream(plain), sha256)) {
      copy(in, OutputStream.nullOutputStream(), "read " + origin.getFileName());
    }
    Digest diffId = Digest.finish(sha256);
    ImageConfig config =
        ImageConfig.empty(Platform.architecture())
            .withLayer(
                diffId,
                Files.getLastModifiedTime(origin).toInstant(),
                "import " + origin.getFileName());
    return take(
        new Offer(
            Optional.empty(),
            Optional.empty(),
            () ->
                new Offer.Parts(
                    Bytes.of(config.bytes()),
                    List.of(
                        new Offer.Part(
                            Optional.of(diffId),
                            Files.size(plain),
                            () -> Files.newInputStream(plain))))));
  }

  /** Compares what passed with its digest; that of the blob, if it is the same bytes. */
  private static final class Checked extends FilterInputStream {
    private final Optional<MessageDigest> own;
    private final Blobs.Writer blob;

    /**
     * Over a stream.
     *
     * @param expected empty if the blob's digest is also this stream's, or none is expected
     */
    Checked(InputStream in, Optional<Digest> expected, Blobs.Writer blob) {
      this(expected.map(Digest::messageDigest), in, blob);
    }

    private Checked(Optional<MessageDigest> own, InputStream in, Blobs.Writer blob) {
      super(own.isPresent() ? new Hashed(in, own.get()) : in);
      this.own = own;
      this.blob = blob;
    }

    void verify(Optional<Digest> expected, String what) throws ImageException {
      String hex =
          own.map(digest -> HexFormat.of().formatHex(digest.digest()))
              .orElseGet(() -> blob.digest().hex());
      if (expected.isPresent() && !expected.get().hex().equals(hex)) {
        throw new ImageException(
            "%s: its content has the digest %s, not %s"
                .formatted(what, hex.substring(0, 12), expected.get().brief()));
      }
    }
  }

  /** What is passed over counts for the digest as well, which DigestInputStream forgets. */
  private static final class Hashed extends DigestInputStream {
    Hashed(InputStream in, MessageDigest digest) {
      super(in, digest);
    }

    @Override
    public long skip(long count) throws IOException {
      byte[] passed = new byte[(int) Math.min(count, BUFFER)];
      return Math.max(0, read(passed, 0, passed.length));
    }
  }

  /** Writes what passes into the blob as well, and tells how far it is. */
  private final class Tee extends FilterInputStream {
    private final OutputStream copy;
    private final String what;
    private final long total;
    private long done;

    Tee(InputStream in, OutputStream copy, String what, long total) {
      super(in);
      this.copy = copy;
      this.what = what;
      this.total = total;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 1 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
      int got = in.read(into, from, length);
      if (got > 0) {
        copy.write(into, from, got);
        done += got;
        progress.at(what, done, total);
      }
      return got;
    }

    @Override
    public long skip(long count) throws IOException {
      throw new IOException("every byte is to pass");
    }

    @Override
    public boolean markSupported() {
      return false;
    }
  }
}
