package dev.terrarium.engine.image;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The JSON documents of an image: read with care, written so that the same content is the same
 * bytes.
 */
final class Documents {
  /** No honest manifest or configuration is larger, in bytes. */
  static final int MOST = 4 << 20;

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private Documents() {}

  static ObjectNode object() {
    return JSON.createObjectNode();
  }

  /**
   * Parses a document.
   *
   * @param where what it is, for the message
   * @throws ImageException if it is no JSON object
   */
  static ObjectNode parse(byte[] bytes, String where) throws ImageException {
    JsonNode json = tree(bytes, where);
    if (json instanceof ObjectNode object) {
      return object;
    }
    throw new ImageException(where + ": not a JSON object");
  }

  static JsonNode tree(byte[] bytes, String where) throws ImageException {
    if (bytes.length > MOST) {
      throw new ImageException(
          "%s: %d bytes; a document may have %d".formatted(where, bytes.length, MOST));
    }
    try {
      return JSON.readTree(bytes);
    } catch (JacksonException e) {
      throw new ImageException(where + ": not JSON: " + e.getOriginalMessage(), e);
    }
  }

  /** A value that this program wrote itself. */
  static JsonNode value(String json) {
    return JSON.readTree(json);
  }

  static byte[] bytes(JsonNode json) {
    return JSON.writeValueAsBytes(json);
  }
}
