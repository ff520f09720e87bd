package dev.terrarium.engine.image;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What an image says of itself: how to run it, its layers by the digest of their content, and how
 * each came about. Immutable; keys that are not known here are kept. Source: OCI image-spec,
 * config.
 */
public final class ImageConfig {

  /**
   * One line of the history.
   *
   * @param createdBy the command or the Dockerfile line
   * @param emptyLayer whether it changed the configuration only
   */
  public record Step(String created, String createdBy, String comment, boolean emptyLayer) {}

  private final ObjectNode json;

  private ImageConfig(ObjectNode json) {
    this.json = json;
  }

  /** Reads a configuration. */
  static ImageConfig of(byte[] bytes, String where) throws ImageException {
    ObjectNode json = Documents.parse(bytes, where);
    ImageConfig config = new ImageConfig(json);
    config.diffIds(where);
    return config;
  }

  /** One without layers, for the platform of this host. */
  public static ImageConfig empty(String architecture) {
    ObjectNode json = Documents.object();
    json.put("architecture", architecture);
    json.put("os", "linux");
    json.putObject("config");
    ObjectNode rootfs = json.putObject("rootfs");
    rootfs.put("type", "layers");
    rootfs.putArray("diff_ids");
    json.putArray("history");
    return new ImageConfig(json);
  }

  byte[] bytes() {
    return Documents.bytes(json);
  }

  /** The layers, base first, by the digest of their uncompressed archives. */
  public List<Digest> diffIds() {
    try {
      return diffIds("configuration");
    } catch (ImageException e) {
      throw new IllegalStateException("it was checked when it was read", e);
    }
  }

  private List<Digest> diffIds(String where) throws ImageException {
    List<Digest> ids = new ArrayList<>();
    for (JsonNode id : json.path("rootfs").path("diff_ids")) {
      try {
        ids.add(Digest.parse(id.asString("")));
      } catch (IllegalArgumentException e) {
        throw new ImageException(where + ": diff_ids: " + e.getMessage(), e);
      }
    }
    return ids;
  }

  /** How it came about, oldest first. */
  public List<Step> history() {
    List<Step> steps = new ArrayList<>();
    for (JsonNode step : json.path("history")) {
      steps.add(
          new Step(
              step.path("created").asString(""),
              step.path("created_by").asString(""),
              step.path("comment").asString(""),
              step.path("empty_layer").asBoolean(false)));
    }
    return steps;
  }

  public String platform() {
    String variant = json.path("variant").asString("");
    return json.path("os").asString("linux")
        + "/"
        + json.path("architecture").asString("unknown")
        + (variant.isEmpty() ? "" : "/" + variant);
  }

  public String created() {
    return json.path("created").asString("");
  }

  public List<String> env() {
    return list("Env");
  }

  public List<String> entrypoint() {
    return list("Entrypoint");
  }

  public List<String> cmd() {
    return list("Cmd");
  }

  /** Where it starts; empty if it does not say. */
  public String workdir() {
    return json.path("config").path("WorkingDir").asString("");
  }

  /** {@code USER[:GROUP]}; empty if it does not say. */
  public String user() {
    return json.path("config").path("User").asString("");
  }

  /** The folders that are to be volumes. */
  public List<String> volumes() {
    return List.copyOf(json.path("config").path("Volumes").propertyNames());
  }

  public Map<String, String> labels() {
    Map<String, String> labels = new TreeMap<>();
    json.path("config")
        .path("Labels")
        .properties()
        .forEach(label -> labels.put(label.getKey(), label.getValue().asString("")));
    return labels;
  }

  /** What it says under that key of its {@code config}, as JSON text; empty if nothing. */
  public Optional<String> raw(String key) {
    JsonNode value = json.path("config").path(key);
    return value.isMissingNode() || value.isNull()
        ? Optional.empty()
        : Optional.of(value.toString());
  }

  /** What it says under that key of its {@code config}, if that is a list; else nothing. */
  public List<String> list(String key) {
    List<String> values = new ArrayList<>();
    for (JsonNode value : json.path("config").path(key)) {
      values.add(value.asString(""));
    }
    return values;
  }

  /** With one more layer on top. */
  public ImageConfig withLayer(Digest diffId, Instant created, String createdBy) {
    return withLayer(diffId, created, createdBy, "");
  }

  ImageConfig withLayer(Digest diffId, Instant created, String createdBy, String comment) {
    ObjectNode copy = json.deepCopy();
    rootfs(copy).add(diffId.toString());
    addHistory(copy, created, createdBy, comment, false);
    return new ImageConfig(copy);
  }

  /** With one more line of history that changed no file. */
  public ImageConfig withHistory(Instant created, String createdBy) {
    return withHistory(created, createdBy, "");
  }

  /** The same with a comment. */
  public ImageConfig withHistory(Instant created, String createdBy, String comment) {
    ObjectNode copy = json.deepCopy();
    addHistory(copy, created, createdBy, comment, true);
    return new ImageConfig(copy);
  }

  /** With another value under that key of its {@code config}; a list. */
  public ImageConfig with(String key, List<String> values) {
    ObjectNode copy = json.deepCopy();
    ArrayNode array = config(copy).putArray(key);
    values.forEach(array::add);
    return new ImageConfig(copy);
  }

  /** With another value under that key of its {@code config}; text. */
  public ImageConfig with(String key, String value) {
    ObjectNode copy = json.deepCopy();
    config(copy).put(key, value);
    return new ImageConfig(copy);
  }

  /** With one more entry in the map under that key of its {@code config}. */
  public ImageConfig withEntry(String key, String entry, Optional<String> value) {
    ObjectNode copy = json.deepCopy();
    ObjectNode config = config(copy);
    ObjectNode map =
        config.get(key) instanceof ObjectNode present ? present : config.putObject(key);
    if (value.isPresent()) {
      map.put(entry, value.get());
    } else {
      map.putObject(entry);
    }
    return new ImageConfig(copy);
  }

  /** With another value under that key of its {@code config}; any JSON. */
  public ImageConfig withRaw(String key, String value) {
    ObjectNode copy = json.deepCopy();
    config(copy).set(key, Documents.value(value));
    return new ImageConfig(copy);
  }

  /** Without a value under that key of its {@code config}. */
  public ImageConfig without(String key) {
    ObjectNode copy = json.deepCopy();
    config(copy).remove(key);
    return new ImageConfig(copy);
  }

  /** With another author. */
  public ImageConfig withAuthor(String author) {
    ObjectNode copy = json.deepCopy();
    copy.put("author", author);
    return new ImageConfig(copy);
  }

  /** With only the first of its layers, and the history up to there. */
  ImageConfig upTo(int layers) {
    ObjectNode copy = json.deepCopy();
    ArrayNode diffIds = rootfs(copy);
    while (diffIds.size() > layers) {
      diffIds.remove(diffIds.size() - 1);
    }
    ArrayNode kept = copy.arrayNode();
    int made = 0;
    for (JsonNode step : json.path("history")) {
      made += step.path("empty_layer").asBoolean(false) ? 0 : 1;
      if (made > layers) {
        break;
      }
      kept.add(step);
    }
    copy.set("history", kept);
    return new ImageConfig(copy);
  }

  private static void addHistory(
      ObjectNode copy, Instant created, String createdBy, String comment, boolean emptyLayer) {
    copy.put("created", created.toString());
    ArrayNode history =
        copy.get("history") instanceof ArrayNode present ? present : copy.putArray("history");
    ObjectNode step = history.addObject();
    step.put("created", created.toString());
    step.put("created_by", createdBy);
    if (!comment.isEmpty()) {
      step.put("comment", comment);
    }
    if (emptyLayer) {
      step.put("empty_layer", true);
    }
  }

  private static ObjectNode config(ObjectNode copy) {
    return copy.get("config") instanceof ObjectNode present ? present : copy.putObject("config");
  }

  private static ArrayNode rootfs(ObjectNode copy) {
    ObjectNode rootfs =
        copy.get("rootfs") instanceof ObjectNode present ? present : copy.putObject("rootfs");
    rootfs.put("type", "layers");
    return rootfs.get("diff_ids") instanceof ArrayNode present
        ? present
        : rootfs.putArray("diff_ids");
  }
}
