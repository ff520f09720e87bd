package dev.terrarium.engine.json;

import com.fasterxml.jackson.annotation.Nulls;
import java.net.Inet4Address;
import java.nio.file.Path;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.type.LogicalType;

/**
 * The one mapping between the engine's records and JSON: what crosses a pipe to an engine in
 * another process, and what a recording holds.
 *
 * <p>A record is an object of its components, all of them. A member of a sealed family says first
 * which one it is, by its simple name in lower case with dashes: {@code
 * {"is":"set-hostname","hostname":"box"}}. A new record needs nothing here. Reading is strict, for
 * what is read may come from anybody: a component that is missing, unknown, given twice or of
 * another type is an error, as is whatever the record's own constructor refuses.
 */
public final class RecordJson {

  /** Deeper than any record of ours, shallower than any stack. */
  private static final int MAX_DEPTH = 64;

  private RecordJson() {}

  /**
   * A mapper for lines: nothing but ASCII, no line break inside.
   *
   * @param extension what else it is to know
   */
  public static JsonMapper mapper(SimpleModule extension) {
    JsonFactory factory =
        JsonFactory.builder()
            .streamReadConstraints(
                StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            // Text from processes may hold anything, also halves of surrogate pairs.
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .build();
    return JsonMapper.builder(factory)
        .annotationIntrospector(new SealedFamilies())
        .addModule(scalars())
        .addModule(extension)
        .enable(MapperFeature.INFER_RECORD_GETTERS_FROM_COMPONENTS_ONLY)
        .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
        .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
        .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
        .withCoercionConfig(
            LogicalType.Textual,
            text ->
                text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                    .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                    .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
        .changeDefaultNullHandling(nulls -> nulls.withContentNulls(Nulls.FAIL))
        .build();
  }

  /** What Jackson would write less plainly, or read with a look at the network. */
  private static SimpleModule scalars() {
    SimpleModule module = new SimpleModule("scalars");
    TextScalar.add(module, Path.class, Path::toString, Path::of);
    TextScalar.add(
        module, Inet4Address.class, Inet4Address::getHostAddress, Inet4Address::ofLiteral);
    return module;
  }
}
