package dev.terrarium.engine.image;

import dev.terrarium.engine.syscall.Bytes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** An OCI image layout. Source: OCI image-spec, image-layout. */
final class LayoutSource {
  /** An index may name indexes; nobody honest goes deeper. */
  private static final int DEEPEST = 4;

  /** In all its indexes together. */
  private static final int MOST_IMAGES = 1000;

  private final SourceFiles files;
  private final List<Offer> offers = new ArrayList<>();
  private final Set<Digest> seen = new HashSet<>();

  private LayoutSource(SourceFiles files) {
    this.files = files;
  }

  /** What the layout holds. */
  static List<Offer> offers(SourceFiles files) throws IOException {
    LayoutSource source = new LayoutSource(files);
    String where = files.origin() + ": index.json";
    source.gather(Documents.parse(files.read("index.json"), where), where, Optional.empty(), 0);
    return List.copyOf(source.offers);
  }

  private void gather(ObjectNode index, String where, Optional<String> inherited, int depth)
      throws IOException {
    if (depth > DEEPEST) {
      throw new ImageException(where + ": indexes within indexes, deeper than " + DEEPEST);
    }
    for (JsonNode json : index.path("manifests")) {
      Descriptor descriptor = Descriptor.of(json, where);
      Optional<String> name = descriptor.name().or(() -> inherited);
      if (descriptor.isIndex()) {
        if (seen.add(descriptor.digest())) {
          String inner = files.origin() + ": index " + descriptor.digest().brief();
          gather(Documents.parse(document(descriptor), inner), inner, name, depth + 1);
        }
        continue;
      }
      if (offers.size() == MOST_IMAGES) {
        throw new ImageException(where + ": more than " + MOST_IMAGES + " images");
      }
      // Attestations travel as images of no platform.
      if (descriptor.platform().filter("unknown/unknown"::equals).isEmpty()) {
        offers.add(new Offer(name, descriptor.platform(), () -> parts(descriptor)));
      }
    }
  }

  private Offer.Parts parts(Descriptor descriptor) throws IOException {
    Manifest manifest =
        Manifest.of(
            document(descriptor), files.origin() + ": manifest " + descriptor.digest().brief());
    List<Offer.Part> layers = new ArrayList<>();
    for (Descriptor layer : manifest.layers()) {
      String path = path(layer.digest());
      long size =
          files
              .size(path)
              .orElseThrow(
                  () -> new ImageException(files.origin() + ": layer " + path + " is missing"));
      if (size != layer.size()) {
        throw new ImageException(
            "%s: layer %s has %d bytes, its manifest says %d"
                .formatted(files.origin(), layer.digest().brief(), size, layer.size()));
      }
      layers.add(new Offer.Part(Optional.of(layer.digest()), size, () -> files.open(path)));
    }
    return new Offer.Parts(Bytes.of(document(manifest.config())), layers);
  }

  private byte[] document(Descriptor descriptor) throws IOException {
    byte[] bytes = files.read(path(descriptor.digest()));
    byte[] digest = descriptor.digest().messageDigest().digest(bytes);
    if (!java.util.HexFormat.of().formatHex(digest).equals(descriptor.digest().hex())) {
      throw new ImageException(
          files.origin() + ": " + path(descriptor.digest()) + " is not what its digest says");
    }
    return bytes;
  }

  private static String path(Digest digest) {
    return "blobs/" + digest.algorithm() + "/" + digest.hex();
  }
}
