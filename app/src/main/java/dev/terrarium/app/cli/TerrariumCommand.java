package dev.terrarium.app.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The program itself; without a command it is the window, which is not the command line's. */
@Command(
    name = "terrarium",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisHeading = "",
    customSynopsis = {
      "Usage: ./terrarium                      open the workbench",
      "       ./terrarium COMMAND ...          do one thing here",
      "       ./terrarium test [--only MODULE] run every test"
    },
    description = {
      "%nMakes real Linux containers, step by step, and shows what the kernel does.%n"
    },
    footer = {
      "%nExit status: 0, 1 for a failure, 2 for a wrong command line; run, exec and wait: the"
          + " command's own."
    })
final class TerrariumCommand implements Runnable {

  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    if (spec != null) {
      throw new ParameterException(spec.commandLine(), "a command is missing");
    }
  }
}
