package dev.terrarium.lessons.format;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * A JSON value that still knows its line. Data binding forgets the lines of what it accepted, but
 * an expression is found to be wrong only later, by the compiler, and has to be shown then.
 */
sealed interface Located {

  int line();

  /** An object; each entry's value knows its line, and keys stand on it or above it. */
  record Members(int line, Map<String, Located> entries) implements Located {}

  record Items(int line, List<Located> values) implements Located {}

  record Text(int line, String value) implements Located {}

  record Whole(int line, int value) implements Located {}

  /** Anything that the format has no use for: null, truths, fractions. */
  record Other(int line, String source) implements Located {}

  /** Reads a whole file. */
  static Located parse(String file, String json) throws LessonFormatException {
    JsonFactory factory =
        JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
    try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), json)) {
      if (parser.nextToken() == null) {
        throw problem(file, 1, "the file is empty; expected an object { … }");
      }
      Located root = value(parser);
      if (parser.nextToken() != null) {
        throw problem(file, line(parser), "nothing may follow the closing brace");
      }
      return root;
    } catch (JacksonException e) {
      int line = e.getLocation() == null ? 1 : Math.max(1, e.getLocation().getLineNr());
      String firstLine = e.getOriginalMessage().lines().findFirst().orElse("not JSON");
      throw problem(file, line, firstLine);
    }
  }

  private static LessonFormatException problem(String file, int line, String message) {
    return new LessonFormatException(List.of(new Problem(file, line, message)));
  }

  private static int line(JsonParser parser) {
    return parser.currentTokenLocation().getLineNr();
  }

  private static Located value(JsonParser parser) {
    int line = line(parser);
    return switch (parser.currentToken()) {
      case START_OBJECT -> members(parser, line);
      case START_ARRAY -> items(parser, line);
      case VALUE_STRING -> new Text(line, parser.getString());
      case VALUE_NUMBER_INT -> new Whole(line, parser.getIntValue());
      default -> new Other(line, parser.getString());
    };
  }

  private static Members members(JsonParser parser, int line) {
    Map<String, Located> entries = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      parser.nextToken();
      entries.put(key, value(parser));
    }
    return new Members(line, entries);
  }

  private static Items items(JsonParser parser, int line) {
    List<Located> values = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      values.add(value(parser));
    }
    return new Items(line, values);
  }
}
