package dev.terrarium.app.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VisibleTextTest {

  @Test
  void spellsOutEscapeSequencesLineBreaksAndDirectionMarks() {
    assertThat(VisibleText.of("a\u001b[31m\nb\u202ec\u200bd"))
        .isEqualTo("a\\x1b[31m\\nb\\u{202e}c\\u{200b}d");
  }

  @Test
  void leavesOrdinaryTextOfAnyScriptAlone() {
    assertThat(VisibleText.of("sleep 1000 你好 é 🙂")).isEqualTo("sleep 1000 你好 é 🙂");
  }

  @Test
  void clipsWithoutReadingTheRest() {
    assertThat(VisibleText.of("x".repeat(100_000), 10)).isEqualTo("x".repeat(10) + "…");
  }

  @Test
  void spellsOutMarksThatWouldGrowIntoOtherRows() {
    assertThat(VisibleText.of("a" + "\u0301".repeat(50))).contains("\\u{301}");
  }

  @Test
  void spellsOutHalfASurrogatePair() {
    assertThat(VisibleText.of("a\ud83d")).isEqualTo("a\\u{d83d}");
  }
}
