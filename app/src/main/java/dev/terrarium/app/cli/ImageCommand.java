package dev.terrarium.app.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The images of this host: what is there, what is in it, in and out. */
@Command(
    name = "image",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "List, import, export, look into and remove images.")
final class ImageCommand implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  /** With all that can be done to images. */
  static CommandLine with(Streams streams) {
    return new CommandLine(new ImageCommand())
        .addSubcommand(new ImageListCommand(streams))
        .addSubcommand(new ImageImportCommand(streams))
        .addSubcommand(new ImageExportCommand(streams))
        .addSubcommand(new ImageLayersCommand(streams))
        .addSubcommand(new ImageDiffCommand(streams))
        .addSubcommand(new ImageRemoveCommand())
        .addSubcommand(new ImagePruneCommand(streams))
        .addSubcommand(new ImageBuildCommand(streams));
  }

  @Override
  public void run() {
    if (spec != null) {
      throw new ParameterException(
          spec.commandLine(),
          "a command is missing: " + String.join(", ", spec.subcommands().keySet()));
    }
  }
}
