package dev.terrarium.engine.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrarium.engine.spec.Program.User;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written by hand is read by a library. */
class ContainerRecordTest {
  private static ContainerRecord with(String argument) {
    return new ContainerRecord(
        "box",
        4711,
        99,
        "lesson",
        List.of("sh", "-c", argument),
        Instant.parse("2026-01-02T03:04:05.678Z"),
        List.of("mnt", "pid"),
        true,
        "/srv",
        new User(5, 6, List.of(7, 8)),
        3,
        List.of("/images/b", "/images/a"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "echo \"a\\b\"", "one\ntwo\ttab\u0001", "中文 😀 \u2028", "\ud83d alone", "%s"})
  void survivesTheWayThroughJson(String argument) throws IOException {
    assertThat(ContainerRecord.parse(with(argument).json())).isEqualTo(with(argument));
  }

  @Test
  void passesOverWhatALaterVersionMayAdd() throws IOException {
    String json = with("x").json().replaceFirst("\\{", "{\"mood\": [1, {}],");

    assertThat(ContainerRecord.parse(json)).isEqualTo(with("x"));
  }

  @Test
  void readsWhatAnEarlierVersionWrote() throws IOException {
    ContainerRecord record =
        ContainerRecord.parse(
            """
            {"name": "box", "pid": 4711, "startTicks": 99, "root": "lesson", "command": ["sh"],
             "created": "2026-01-02T03:04:05.678Z", "namespaces": [], "terminal": false}
            """);

    assertThat(record.workdir()).isEqualTo("/");
    assertThat(record.user()).isEqualTo(User.ROOT);
    assertThat(record.stopSignal()).isEqualTo(15);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "{", "{\"name\": \"box\"}"})
  void whatIsNoRecordIsRefused(String text) {
    assertThatThrownBy(() -> ContainerRecord.parse(text))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("not the record of a container");
  }
}
