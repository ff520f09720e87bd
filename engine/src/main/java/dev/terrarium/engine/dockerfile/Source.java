package dev.terrarium.engine.dockerfile;

import java.util.Locale;

/**
 * An instruction as it stands in its file.
 *
 * @param text all of it on one line, comments left out; of heredocs only their names
 * @param at its first letter
 * @param lastLine the line that it ends on, heredocs included
 */
public record Source(String text, Position at, int lastLine) {

  /** Its keyword in capitals. */
  public String keyword() {
    return text.split("\\s", 2)[0].toUpperCase(Locale.ROOT);
  }
}
