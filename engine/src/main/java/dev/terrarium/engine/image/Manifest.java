package dev.terrarium.engine.image;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * An image's parts: its configuration and its layers, base first. Source: OCI image-spec, manifest.
 */
public record Manifest(Descriptor config, List<Descriptor> layers) {
  /** overlayfs takes this many folders below: OVL_MAX_STACK. */
  static final int MOST_LAYERS = 500;

  public Manifest {
    layers = List.copyOf(layers);
  }

  static Manifest of(byte[] bytes, String where) throws ImageException {
    ObjectNode json = Documents.parse(bytes, where);
    if (!json.path("config").isObject()) {
      throw new ImageException(where + ": not an image manifest: it names no configuration");
    }
    List<Descriptor> layers = new ArrayList<>();
    for (JsonNode layer : json.path("layers")) {
      layers.add(Descriptor.of(layer, where));
    }
    if (layers.size() > MOST_LAYERS) {
      throw new ImageException(
          "%s: %d layers; overlayfs takes %d".formatted(where, layers.size(), MOST_LAYERS));
    }
    return new Manifest(Descriptor.of(json.path("config"), where), layers);
  }

  byte[] bytes() {
    ObjectNode json = Documents.object();
    json.put("schemaVersion", 2);
    json.put("mediaType", Descriptor.MANIFEST);
    json.set("config", config.toJson());
    ArrayNode array = json.putArray("layers");
    layers.forEach(layer -> array.add(layer.toJson()));
    return Documents.bytes(json);
  }
}
