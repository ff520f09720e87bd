package dev.terrarium.engine.image;

import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What one document says of another: its kind, its digest and its size. Source: OCI image-spec,
 * descriptor.
 *
 * @param size in bytes
 * @param platform {@code os/architecture[/variant]}, in an index of several
 * @param name {@code org.opencontainers.image.ref.name}, in a layout's index
 */
public record Descriptor(
    String mediaType, Digest digest, long size, Optional<String> platform, Optional<String> name) {

  static final String NAME = "org.opencontainers.image.ref.name";

  public static final String INDEX = "application/vnd.oci.image.index.v1+json";
  public static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  public static final String CONFIG = "application/vnd.oci.image.config.v1+json";
  public static final String LAYER = "application/vnd.oci.image.layer.v1.tar";
  public static final String LAYER_GZIP = LAYER + "+gzip";
  public static final String LAYER_ZSTD = LAYER + "+zstd";

  private static final String DOCKER_INDEX =
      "application/vnd.docker.distribution.manifest.list.v2+json";

  public Descriptor(String mediaType, Digest digest, long size) {
    this(mediaType, digest, size, Optional.empty(), Optional.empty());
  }

  static Descriptor of(JsonNode json, String where) throws ImageException {
    String digest = json.path("digest").asString("");
    long size = json.path("size").asLong(-1);
    if (digest.isEmpty() || size < 0) {
      throw new ImageException(where + ": a descriptor without digest and size");
    }
    try {
      return new Descriptor(
          json.path("mediaType").asString(""),
          Digest.parse(digest),
          size,
          platform(json.path("platform")),
          text(json.path("annotations").path(NAME)));
    } catch (IllegalArgumentException e) {
      throw new ImageException(where + ": " + e.getMessage(), e);
    }
  }

  private static Optional<String> platform(JsonNode json) {
    if (!json.isObject()) {
      return Optional.empty();
    }
    String variant = json.path("variant").asString("");
    return Optional.of(
        json.path("os").asString("")
            + "/"
            + json.path("architecture").asString("")
            + (variant.isEmpty() ? "" : "/" + variant));
  }

  private static Optional<String> text(JsonNode json) {
    return json.isString() ? Optional.of(json.asString()) : Optional.empty();
  }

  /** Whether it stands for an index, of which one platform is to be chosen. */
  boolean isIndex() {
    return mediaType.equals(INDEX) || mediaType.equals(DOCKER_INDEX);
  }

  ObjectNode toJson() {
    ObjectNode json = Documents.object();
    json.put("mediaType", mediaType);
    json.put("digest", digest.toString());
    json.put("size", size);
    name.ifPresent(value -> json.putObject("annotations").put(NAME, value));
    return json;
  }
}
