package dev.terrarium.engine.image;

import dev.terrarium.engine.syscall.Bytes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * What {@code docker save} writes: a {@code manifest.json} that names configuration and layers by
 * their paths in the archive. Holds for the older form, a folder for each layer, and for the newer
 * one, in which the same files are blobs. Source: Docker image specification v1.2, "Combined image
 * JSON and filesystem changeset format".
 */
final class DockerSource {
  private static final int MOST_IMAGES = 1000;

  private DockerSource() {}

  /** What the archive holds: an offer for each name, or one without for an image that has none. */
  static List<Offer> offers(SourceFiles files) throws IOException {
    String where = files.origin() + ": manifest.json";
    List<Offer> offers = new ArrayList<>();
    for (JsonNode image : Documents.tree(files.read("manifest.json"), where)) {
      List<String> names = new ArrayList<>();
      image.path("RepoTags").forEach(tag -> names.add(tag.asString("")));
      Offer.Opener opener = () -> parts(files, image, where);
      if (names.isEmpty()) {
        offers.add(new Offer(Optional.empty(), Optional.empty(), opener));
      }
      names.forEach(name -> offers.add(new Offer(Optional.of(name), Optional.empty(), opener)));
      if (offers.size() > MOST_IMAGES) {
        throw new ImageException(where + ": more than " + MOST_IMAGES + " images");
      }
    }
    return offers;
  }

  private static Offer.Parts parts(SourceFiles files, JsonNode image, String where)
      throws IOException {
    List<Offer.Part> layers = new ArrayList<>();
    for (JsonNode layer : image.path("Layers")) {
      String path = layer.asString("");
      long size =
          files
              .size(path)
              .orElseThrow(() -> new ImageException(where + ": layer " + path + " is missing"));
      layers.add(new Offer.Part(Optional.empty(), size, () -> files.open(path)));
      if (layers.size() > Manifest.MOST_LAYERS) {
        throw new ImageException(where + ": more than " + Manifest.MOST_LAYERS + " layers");
      }
    }
    return new Offer.Parts(Bytes.of(files.read(image.path("Config").asString(""))), layers);
  }
}
