package dev.terrarium.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a wrong command line is answered with. */
final class CommandLineFaceTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          docter                        | terrarium: unknown command 'docter' (did you mean 'doctor'?); see terrarium --help
          claen                         | terrarium: unknown command 'claen' (did you mean 'clean'?); see terrarium --help
          --hlep                        | terrarium: unknown option '--hlep' (did you mean '--help'?); see terrarium --help
          clean up                      | terrarium clean: one word too many: 'up'; see terrarium clean --help
          run --hostnmae=x lesson true  | terrarium run: unknown option '--hostnmae' (did you mean '--hostname'?); see terrarium run --help
          run --memroy 64m lesson true  | terrarium run: unknown option '--memroy' (did you mean '--memory'?); see terrarium run --help
          run --cpus few lesson true    | terrarium run: invalid value for option '--cpus': 'few' is not a double; see terrarium run --help
          stop                          | terrarium stop: NAME is missing; see terrarium stop --help
          kill a b c                    | terrarium kill: one word too many: 'c'; see terrarium kill --help
          """)
  void saysInOneLineWhatIsWrongAndWhatWouldBeRight(String words, String line) {
    Invocation wrong = Invocation.of(words.split(" "));

    assertThat(wrong.errLines()).containsExactly(line);
    assertThat(wrong.status()).isEqualTo(2);
    assertThat(wrong.out()).isEmpty();
  }

  @Test
  void withoutACommandItSaysThatOneIsMissing() {
    assertThat(Invocation.of())
        .isEqualTo(
            new Invocation(2, "", "terrarium: a command is missing; see terrarium --help\n"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "doctor",
        "lessons",
        "lesson",
        "run",
        "ps",
        "exec",
        "logs",
        "stats",
        "stop",
        "kill",
        "pause",
        "resume",
        "wait",
        "rm",
        "snapshot",
        "shots",
        "bench",
        "clean"
      })
  void everyCommandExplainsItself(String command) {
    Invocation help = Invocation.of(command, "--help");

    assertThat(help.status()).isZero();
    assertThat(help.out()).contains("terrarium " + command);
    assertThat(help.err()).isEmpty();
  }

  @Test
  void knowsItsVersion() {
    assertThat(Invocation.of("--version").out()).matches("Terrarium \\d+\\.\\d+\\.\\d+\n");
  }

  @Test
  void aReaderThatHasSeenEnoughIsNoFailure() {
    ByteArrayOutputStream err = new ByteArrayOutputStream();

    int status =
        CommandLineFace.run(
            new String[] {"--help"}, InputStream.nullInputStream(), failing("Broken pipe"), err);

    assertThat(status).isZero();
    assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
  }

  @Test
  void aFullDiskIsAFailure() {
    ByteArrayOutputStream err = new ByteArrayOutputStream();

    int status =
        CommandLineFace.run(
            new String[] {"--help"},
            InputStream.nullInputStream(),
            failing("No space left on device"),
            err);

    assertThat(status).isEqualTo(1);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .isEqualTo("terrarium: cannot write to standard output: No space left on device\n");
  }

  private static OutputStream failing(String reason) {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        throw new IOException(reason);
      }
    };
  }
}
