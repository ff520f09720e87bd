package dev.terrarium.engine.remote;

import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.deser.std.StdScalarDeserializer;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdScalarSerializer;

/** Writes objects of the server's side as their numbers, wherever in a value they are. */
final class ReferenceCodec {
  private ReferenceCodec() {}

  static SimpleModule module(References references) {
    SimpleModule module = new SimpleModule("references");
    References.KINDS.forEach(kind -> add(module, kind, references));
    References.STREAMS.forEach(kind -> add(module, kind, references));
    return module;
  }

  private static <T> void add(SimpleModule module, Class<T> kind, References references) {
    module.addSerializer(kind, new ToNumber<>(kind, references));
    module.addDeserializer(kind, new FromNumber<>(kind, references));
  }

  private static final class ToNumber<T> extends StdScalarSerializer<T> {
    private final transient References references;
    private final Class<T> kind;

    ToNumber(Class<T> kind, References references) {
      super(kind);
      this.kind = kind;
      this.references = references;
    }

    @Override
    public void serialize(T object, JsonGenerator out, SerializationContext context) {
      out.writeNumber(references.numberOf(object, kind));
    }
  }

  private static final class FromNumber<T> extends StdScalarDeserializer<T> {
    private final transient References references;
    private final Class<T> kind;

    FromNumber(Class<T> kind, References references) {
      super(kind);
      this.kind = kind;
      this.references = references;
    }

    @Override
    public T deserialize(JsonParser in, DeserializationContext context) {
      if (in.currentToken() != JsonToken.VALUE_NUMBER_INT) {
        return kind.cast(context.handleUnexpectedToken(getValueType(context), in));
      }
      return kind.cast(references.objectOf(in.getIntValue(), kind));
    }
  }
}
