package dev.terrarium.engine.remote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrarium.engine.json.ArbitraryRecords;
import dev.terrarium.engine.remote.Vocabulary.Entry;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Each method of the engine's interfaces, also of later ones, can be called through a pipe. */
class VocabularyTest {

  private final JsonMapper mapper = Protocol.mapper(new Exports());

  static Stream<Entry> entries() {
    return References.KINDS.stream().flatMap(kind -> Vocabulary.of(kind).entries().stream());
  }

  @Test
  void isEachMethodOfTheInterfaces() {
    assertThat(entries().map(entry -> entry.method().getName()))
        .contains("observe", "prepare", "step", "perform", "exited", "ask", "listen", "read");
    assertThat(Vocabulary.of(dev.terrarium.engine.Engine.class).entry("open")).isEmpty();
    assertThat(Vocabulary.of(dev.terrarium.engine.Engine.class).entry("close")).isEmpty();
    assertThat(Vocabulary.of(dev.terrarium.engine.Engine.class).entry("getClass")).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("entries")
  void itsArgumentsAndItsResultCross(Entry entry) {
    entry.with().forEach(this::crosses);
    crosses(entry.result());
  }

  private void crosses(Type type) {
    if (type == void.class || type == Void.class || isReference(type)) {
      return;
    }
    // A made-up object of the server's side is not to be had; that it may be empty is.
    Object value =
        type instanceof ParameterizedType generic
                && Arrays.stream(generic.getActualTypeArguments())
                    .anyMatch(VocabularyTest::isReference)
            ? Optional.empty()
            : new ArbitraryRecords(1).value(type);
    JavaType there = mapper.constructType(type);
    JsonNode crossing = mapper.writerFor(there).valueToTree(value);
    assertThat(mapper.readerFor(there).<Object>readValue(crossing))
        .as("a %s cannot cross as it is; Protocol says what can", type)
        .isEqualTo(value);
  }

  private static boolean isReference(Type type) {
    return References.KINDS.contains(type) || References.STREAMS.contains(type);
  }
}
