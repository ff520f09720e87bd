package dev.terrarium.engine.dockerfile;

import java.util.ArrayList;
import java.util.List;

/** The two forms of a command. Source: Dockerfile reference, "Shell and exec form". */
public sealed interface Command {

  /** A text for the shell that SHELL names. */
  record ShellForm(String script) implements Command {}

  /** A program and its arguments, from a JSON array; no shell is involved. */
  record ExecForm(List<String> argv) implements Command {
    public ExecForm {
      argv = List.copyOf(argv);
    }
  }

  /** What is run: a script behind the shell's own words, or the words as they are. */
  default List<String> argv(List<String> shell) {
    return switch (this) {
      case ShellForm(String script) -> {
        List<String> argv = new ArrayList<>(shell);
        argv.add(script);
        yield List.copyOf(argv);
      }
      case ExecForm(List<String> argv) -> argv;
    };
  }
}
