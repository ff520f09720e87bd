package dev.terrarium.app.dock;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrarium.engine.syscall.Arg;
import dev.terrarium.engine.syscall.Errno;
import dev.terrarium.engine.syscall.SyscallEvent;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CallLineTest {

  private static SyscallEvent mount(Optional<Errno> errno) {
    return new SyscallEvent(
        Instant.parse("2026-01-02T14:02:11.204Z"),
        8214,
        "mount",
        List.of(
            new Arg.Text("pr\u001boc"),
            new Arg.Null(),
            new Arg.Flags(6, List.of("MS_NOSUID", "MS_NODEV")),
            new Arg.Words(List.of("a", "b"))),
        errno.isPresent() ? -1 : 0,
        errno,
        41_200,
        Optional.of("new pid:[2601]"));
  }

  @Test
  void readsLikeStrace() {
    assertThat(new CallLine(0, mount(Optional.empty())).text(ZoneOffset.UTC))
        .isEqualTo(
            "14:02:11.204  8214   mount(\"pr\\x1boc\", NULL, MS_NOSUID|MS_NODEV, [\"a\", \"b\"]) = 0"
                + "   // 41 µs   → new pid:[2601]");
  }

  @Test
  void failureIsNamedAndExplained() {
    CallLine line = new CallLine(0, mount(Optional.of(Errno.of(1))));
    assertThat(line.tokens(ZoneOffset.UTC))
        .contains(new Token(Token.Kind.BAD, "-1 EPERM", "EPERM: operation not permitted", 0));
  }

  @Test
  void durationsHaveTheirUnit() {
    assertThat(CallLine.duration(300)).isEqualTo("1 µs");
    assertThat(CallLine.duration(1_230_000)).isEqualTo("1.2 ms");
    assertThat(CallLine.duration(2_500_000_000L)).isEqualTo("2.5 s");
  }
}
