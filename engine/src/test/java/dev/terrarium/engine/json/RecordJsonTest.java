package dev.terrarium.engine.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrarium.engine.fact.ExitStatus;
import dev.terrarium.engine.fact.Fact;
import dev.terrarium.engine.observe.Snapshot;
import dev.terrarium.engine.spec.ContainerSpec;
import dev.terrarium.engine.step.MountStep;
import dev.terrarium.engine.step.Step;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/** What is written is what is read, for every record that there is and will be. */
class RecordJsonTest {
  private static final int MADE_UP = 60;

  private final JsonMapper mapper = RecordJson.mapper(new SimpleModule());

  /** A family, and who belongs to it. */
  record Member(Class<?> family, Class<?> type) {
    @Override
    public String toString() {
      return family.getSimpleName() + " " + type.getSimpleName();
    }
  }

  static Stream<Member> members() {
    return Stream.of(Fact.class, Step.class, ExitStatus.class)
        .flatMap(family ->
            SealedFamilies.members(family).stream().map(type -> new Member(family, type)));
  }

  @ParameterizedTest
  @MethodSource("members")
  void everyMemberOfAFamilyComesBack(Member member) {
    for (int seed = 0; seed < MADE_UP; seed++) {
      Object value = new ArbitraryRecords(seed).any(member.type());
      String line = mapper.writerFor(member.family()).writeValueAsString(value);
      assertThat(line).startsWith("{\"is\":\"").matches("[\\x20-\\x7e]*");
      assertThat(mapper.readerFor(member.family()).<Object>readValue(line))
          .as("seed %d: %s", seed, line)
          .isEqualTo(value);
    }
  }

  @ParameterizedTest
  @ValueSource(classes = {ContainerSpec.class, Snapshot.class})
  void aRecordOfRecordsComesBack(Class<?> type) {
    for (int seed = 0; seed < MADE_UP; seed++) {
      Object value = new ArbitraryRecords(seed).any(type);
      String line = mapper.writeValueAsString(value);
      assertThat((Object) mapper.readValue(line, type))
          .as("seed %d: %s", seed, line)
          .isEqualTo(value);
    }
  }

  @Test
  void namesAreUniqueInTheirFamilyAndThoseOfStepsAreTheirIds() {
    members()
        .filter(member -> member.family() == Step.class)
        .forEach(member ->
            assertThat(SealedFamilies.name(member.type()))
                .isEqualTo(((Step) new ArbitraryRecords(0).any(member.type())).id()));
    for (Class<?> family : List.of(Fact.class, Step.class)) {
      assertThat(SealedFamilies.members(family))
          .extracting(SealedFamilies::name)
          .doesNotHaveDuplicates();
    }
  }

  @Test
  void readsAsAPersonWouldWriteIt() {
    Step step = new MountStep.MountProc(Path.of("/proc"));
    assertThat(mapper.writerFor(Step.class).writeValueAsString(step))
        .isEqualTo("{\"is\":\"mount-proc\",\"target\":\"/proc\"}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "7",
        "\"mount-proc\"",
        "{}",
        "{\"target\":\"/proc\"}",
        "{\"is\":\"mount-proc\"}",
        "{\"is\":\"mount-proc\",\"target\":null}",
        "{\"is\":\"mount-proc\",\"target\":7}",
        "{\"is\":\"mount-proc\",\"target\":[\"/proc\"]}",
        "{\"is\":\"mount-proc\",\"target\":\"/proc\\u0000\"}",
        "{\"is\":\"mount-proc\",\"target\":\"/proc\",\"more\":1}",
        "{\"is\":\"mount-proc\",\"target\":\"/proc\",\"target\":\"/\"}",
        "{\"is\":\"mount-proc\",\"target\":\"/proc\"} {}",
        "{\"is\":\"mount-proc\",\"is\":\"exec\",\"target\":\"/proc\"}",
        "{\"is\":\"nothing-like-it\",\"target\":\"/proc\"}",
        "{\"is\":\"dev.terrarium.engine.step.MountStep$MountProc\",\"target\":\"/proc\"}",
        "{\"is\":\"exec\",\"argv\":[null],\"env\":[]}",
        "{\"is\":\"exec\",\"argv\":[1],\"env\":[]}",
        "{\"is\":\"map-ids\",\"uid\":1.5,\"gid\":0}",
        "{\"is\":\"map-ids\",\"uid\":\"1\",\"gid\":0}",
        "{\"is\":\"map-ids\",\"uid\":99999999999,\"gid\":0}",
        "{\"is\":\"connect-stdio\",\"stdio\":0}",
        "{\"is\":\"connect-stdio\",\"stdio\":\"null\"}",
      })
  void whatIsNotExactlyARecordIsRefused(String text) {
    assertThatThrownBy(() -> mapper.readerFor(Step.class).readValue(text))
        .isInstanceOf(JacksonException.class);
  }

  @Test
  void depthIsBounded() {
    String deep = "{\"is\":\"exec\",\"argv\":" + "[".repeat(100_000);
    assertThatThrownBy(() -> mapper.readerFor(Step.class).readValue(deep))
        .isInstanceOf(JacksonException.class);
  }
}
