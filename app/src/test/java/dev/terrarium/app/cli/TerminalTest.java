package dev.terrarium.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code -it}: a terminal in front, a terminal inside, and this program in between. */
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class TerminalTest {
  /** Prints the terminal's settings before and after, as stty(1) would restore them. */
  private static final String BETWEEN_SETTINGS = "stty -g; \"$@\"; s=$?; echo; stty -g; exit $s";

  private final Path folder;
  private final Program program;

  TerminalTest(@TempDir Path folder) {
    this.folder = folder;
    this.program = Program.withState(folder.resolve("state"));
  }

  @Test
  void aShellOnATerminal() throws Exception {
    shellOnATerminal(program);
  }

  @Test
  void alsoWithoutAnyRight() throws Exception {
    assumeThat(System.getProperty("user.name")).as("who may become nobody").isEqualTo("root");
    shellOnATerminal(Program.asNobody(folder));
  }

  private static void shellOnATerminal(Program program) throws Exception {
    try (Terminal terminal =
        program.onTerminal(77, 33, BETWEEN_SETTINGS, "run", "-it", "-e", "PS1=> ", "lesson")) {
      terminal.await("> ");
      terminal.type("stty size; echo $TERM; test -t 0 && echo a'ter'minal\n");
      terminal.await("33 77");
      terminal.await("vt100");
      terminal.await("aterminal");

      terminal.resize(50, 10);
      terminal.type("until [ \"$(stty size)\" = '10 50' ]; do sleep 0.1; done; echo resi'zed'\n");
      terminal.await("resized");

      // Ctrl-C is the business of the program inside, and ends neither shell nor us.
      // Who says that it waits is in the foreground already.
      terminal.type(
          "sh -c \"trap 'echo ca\\\"\\\"ught; exit' INT;"
              + " echo wai\\\"\\\"ting; while :; do sleep 1; done\"\n");
      terminal.await("waiting");
      terminal.type("\u0003");
      terminal.await("caught");
      terminal.type("echo 中'文'; exit 6\n");
      terminal.await("中文");

      assertSettingsAreBack(terminal);
      assertThat(terminal.status()).isEqualTo(6);
    }
  }

  @Test
  void aTerminalThatIsKilledAwayIsGivenBackAsWell() throws Exception {
    try (Terminal terminal =
        program.onTerminal(
            80, 24, BETWEEN_SETTINGS, "run", "-it", "--name", "box", "-e", "PS1=> ", "lesson")) {
      terminal.await("> ");

      assertThat(program.run("kill", "box").status()).isZero();

      assertSettingsAreBack(terminal);
      assertThat(terminal.status()).isEqualTo(128 + 9);
    }
  }

  @Test
  void aSecondTerminalInTheSameContainer() throws Exception {
    try (Terminal first =
            program.onTerminal(80, 24, "\"$@\"", "run", "-it", "--name", "box", "lesson");
        Terminal second = waitsForContainer(first)) {
      second.await("# ");
      second.type("test -t 0 && echo a'ter'minal; stty size; exit 4\n");
      second.await("aterminal");
      second.await("44 99");
      assertSettingsAreBack(second);
      assertThat(second.status()).isEqualTo(4);

      first.type("exit 3\n");
      first.all();
      assertThat(first.status()).isEqualTo(3);
    }
  }

  private Terminal waitsForContainer(Terminal first) throws Exception {
    first.await("# ");
    return program.onTerminal(99, 44, BETWEEN_SETTINGS, "exec", "-it", "box", "--", "sh");
  }

  /** The first line that was printed is the same as the last one. */
  private static void assertSettingsAreBack(Terminal terminal) throws Exception {
    List<String> lines = terminal.all().strip().lines().toList();
    assertThat(lines.getFirst()).matches("[0-9a-f:]{20,}");
    assertThat(lines.getLast()).isEqualTo(lines.getFirst());
  }
}
