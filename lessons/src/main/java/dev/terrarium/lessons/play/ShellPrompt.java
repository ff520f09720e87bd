package dev.terrarium.lessons.play;

import dev.terrarium.engine.console.PtyConsole;
import java.io.IOException;
import java.nio.file.Path;

/** The environment in which a lesson's shell shows prompts that {@code Console.ask} recognizes. */
final class ShellPrompt {

  private ShellPrompt() {}

  /**
   * The value of PS1.
   *
   * @param visible what a person sees
   * @param onHost whether it is the host's shell; the lesson image has busybox's, which edits lines
   */
  static String of(String visible, boolean onHost) {
    return PtyConsole.prompt(visible, !onHost || hostShellEditsLines());
  }

  /** dash has no line editing and would show the marks that tell a line editor about widths. */
  private static boolean hostShellEditsLines() {
    try {
      return !Path.of("/bin/sh").toRealPath().endsWith("dash");
    } catch (IOException e) {
      return false;
    }
  }
}
