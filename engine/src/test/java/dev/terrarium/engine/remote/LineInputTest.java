package dev.terrarium.engine.remote;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;

/** Lines of bytes, however they arrive. */
class LineInputTest {
  private static final int LONGEST = 100_000;

  /** A pipe hands out what it has, and not what one asks for. */
  private static LineInput dripping(String text, int atOnce) {
    return new LineInput(
        new ByteArrayInputStream(text.getBytes(UTF_8)) {
          @Override
          public synchronized int read(byte[] target, int offset, int length) {
            return super.read(target, offset, Math.min(length, atOnce));
          }
        },
        LONGEST);
  }

  @Test
  void linesAreWhatIsBetweenNewlines() throws IOException {
    String longLine = "x".repeat(LONGEST);
    for (int atOnce : new int[] {1, 3, 8192, LONGEST * 2}) {
      LineInput lines = dripping("one\n\n二\n" + longLine + "\nlast\n", atOnce);
      for (String line : new String[] {"one", "", "二", longLine, "last"}) {
        assertThat(lines.next())
            .hasValueSatisfying(b -> assertThat(b).asString(UTF_8).isEqualTo(line));
      }
      assertThat(lines.next()).isEmpty();
    }
  }

  @Test
  void aLineThatNeverEndsDoesNotFillTheMemory() {
    InputStream endless =
        new InputStream() {
          @Override
          public int read() {
            return 'x';
          }

          @Override
          public int read(byte[] target, int offset, int length) {
            return length;
          }
        };
    assertThatThrownBy(() -> new LineInput(endless, LONGEST).next())
        .isInstanceOf(LineInput.TooLongException.class);
  }

  @Test
  void aLineWithoutItsEndIsNoLine() throws IOException {
    LineInput lines = dripping("one\ntw", 8192);
    assertThat(lines.next()).isPresent();
    assertThatThrownBy(lines::next).isInstanceOf(EOFException.class);
  }
}
