package dev.terrarium.engine.json;

import java.util.function.Function;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.deser.std.StdScalarDeserializer;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdScalarSerializer;

/** A type that is written as a text, and read from one that its own factory accepts. */
final class TextScalar {
  private TextScalar() {}

  /**
   * Teaches a module one type.
   *
   * @param read throws {@link IllegalArgumentException} for a text that is none
   */
  static <T> void add(
      SimpleModule module, Class<T> type, Function<T, String> write, Function<String, T> read) {
    module.addSerializer(type, new Writer<>(type, write));
    module.addDeserializer(type, new Reader<>(type, read));
  }

  private static final class Writer<T> extends StdScalarSerializer<T> {
    private final transient Function<T, String> write;

    Writer(Class<T> type, Function<T, String> write) {
      super(type);
      this.write = write;
    }

    @Override
    public void serialize(T value, JsonGenerator out, SerializationContext context) {
      out.writeString(write.apply(value));
    }
  }

  private static final class Reader<T> extends StdScalarDeserializer<T> {
    private final Class<T> type;
    private final transient Function<String, T> read;

    Reader(Class<T> type, Function<String, T> read) {
      super(type);
      this.type = type;
      this.read = read;
    }

    @Override
    public T deserialize(JsonParser in, DeserializationContext context) {
      if (in.currentToken() != JsonToken.VALUE_STRING) {
        return type.cast(context.handleUnexpectedToken(getValueType(context), in));
      }
      String text = in.getString();
      try {
        return read.apply(text);
      } catch (IllegalArgumentException e) {
        return type.cast(context.handleWeirdStringValue(type, text, "%s", e.getMessage()));
      }
    }
  }
}
