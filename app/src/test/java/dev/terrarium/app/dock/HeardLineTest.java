package dev.terrarium.app.dock;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrarium.engine.syscall.Arg;
import dev.terrarium.engine.syscall.HeardCall;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class HeardLineTest {

  private static String text(String given, String meant) {
    HeardCall call =
        new HeardCall(
            Instant.parse("2026-01-02T14:02:11.204Z"),
            8215,
            "unlinkat",
            List.of(new Arg.Flags(-100, List.of("AT_FDCWD")), new Arg.Text(given), new Arg.Int(0)),
            List.of(meant));
    return new HeardLine(0, call)
        .tokens(ZoneOffset.UTC, "whose", "unknown").stream()
            .map(Token::text)
            .collect(Collectors.joining());
  }

  @Test
  void isMarkedAndHasNoResult() {
    assertThat(text("/etc/motd", "/etc/motd"))
        .isEqualTo("14:02:11.204  8215   ◆ unlinkat(AT_FDCWD, \"/etc/motd\", 0) = ?");
  }

  @Test
  void saysWhereARelativePathLeads() {
    assertThat(text("mo\u001btd", "/etc/mo\u001btd"))
        .endsWith("◆ unlinkat(AT_FDCWD, \"mo\\x1btd\", 0) = ?   → /etc/mo\\x1btd");
  }
}
