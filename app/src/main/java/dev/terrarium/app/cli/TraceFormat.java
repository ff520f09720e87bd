package dev.terrarium.app.cli;

import java.util.Map;
import java.util.Stack;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/** How system calls are printed as they are made. */
enum TraceFormat {
  /** As strace(1) prints them. */
  TEXT,
  /** One JSON object on a line each. */
  JSON;

  /**
   * A format follows {@code --trace} with an equals sign or not at all: the next word is the image.
   */
  static final class OnlyAttached implements IParameterPreprocessor {
    @Override
    @SuppressWarnings("JdkObsolete") // picocli's own type
    public boolean preprocess(
        Stack<String> words, CommandSpec command, ArgSpec option, Map<String, Object> info) {
      if (!"=".equals(info.get("separator"))) {
        words.push(TEXT.name());
      }
      return false;
    }
  }
}
