package dev.terrarium.engine.image;

import dev.terrarium.engine.layer.Progress;
import dev.terrarium.engine.tar.TarEntry;
import dev.terrarium.engine.tar.TarWriter;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes an image as others read it. No time of day gets in: the same image is the same bytes. */
final class Exporter {
  private final Blobs blobs;
  private final TarWriter archive;
  private final Progress progress;

  Exporter(Blobs blobs, TarWriter archive, Progress progress) {
    this.blobs = blobs;
    this.archive = archive;
    this.progress = progress;
  }

  void write(Image image, ImageStore.Format format) throws IOException {
    switch (format) {
      case OCI -> layout(image);
      case DOCKER -> docker(image);
    }
  }

  private void layout(Image image) throws IOException {
    put("oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}".getBytes(StandardCharsets.US_ASCII));
    byte[] manifest = blobs.read(image.manifest());
    ObjectNode index = Documents.object();
    index.put("schemaVersion", 2);
    index.put("mediaType", Descriptor.INDEX);
    index
        .putArray("manifests")
        .add(
            new Descriptor(
                    Descriptor.MANIFEST,
                    image.manifest(),
                    manifest.length,
                    Optional.empty(),
                    Optional.of(image.reference()))
                .toJson());
    put("index.json", Documents.bytes(index));
    folder("blobs");
    folder("blobs/sha256");
    Set<Digest> needed = new LinkedHashSet<>();
    needed.add(image.manifest());
    needed.add(Manifest.of(manifest, "manifest").config().digest());
    image.layers().forEach(layer -> needed.add(layer.blob().digest()));
    for (Digest digest : needed) {
      blob("blobs/sha256/" + digest.hex(), digest);
    }
  }

  private void docker(Image image) throws IOException {
    Digest config = Manifest.of(blobs.read(image.manifest()), "manifest").config().digest();
    ArrayNode manifests = Documents.object().putArray("manifests");
    ObjectNode entry = manifests.addObject();
    entry.put("Config", config.hex() + ".json");
    String name = image.reference();
    boolean tagged = name.substring(name.lastIndexOf('/') + 1).contains(":");
    entry.putArray("RepoTags").add(tagged ? name : name + ":latest");
    ArrayNode layers = entry.putArray("Layers");
    image.layers().forEach(layer -> layers.add(layer.diffId().hex() + ".tar"));
    blob(config.hex() + ".json", config);
    Set<String> written = new LinkedHashSet<>();
    for (Image.Layer layer : image.layers()) {
      if (written.add(layer.diffId().hex())) {
        blob(layer.diffId().hex() + ".tar", layer.blob().digest());
      }
    }
    put("manifest.json", Documents.bytes(manifests));
  }

  private void put(String path, byte[] content) throws IOException {
    archive.put(
        entry(path, TarEntry.Type.FILE, 0644, content.length), new ByteArrayInputStream(content));
  }

  private void folder(String path) throws IOException {
    archive.put(entry(path, TarEntry.Type.FOLDER, 0755, 0), InputStream.nullInputStream());
  }

  private void blob(String path, Digest digest) throws IOException {
    long size = Files.size(blobs.path(digest));
    progress.at("export " + digest.brief(), 0, size);
    try (InputStream in = new Watched(blobs.open(digest), "export " + digest.brief(), size)) {
      archive.put(entry(path, TarEntry.Type.FILE, 0644, size), in);
    }
  }

  private static TarEntry entry(String path, TarEntry.Type type, int mode, long size) {
    return new TarEntry(path, type, "", mode, 0, 0, size, 0, 0, 0, 0, Map.of(), List.of(), false);
  }

  /** Tells how far it is. */
  private final class Watched extends FilterInputStream {
    private final String what;
    private final long total;
    private long done;

    Watched(InputStream in, String what, long total) {
      super(in);
      this.what = what;
      this.total = total;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
      int got = in.read(into, from, length);
      done += Math.max(0, got);
      progress.at(what, done, total);
      return got;
    }
  }
}
