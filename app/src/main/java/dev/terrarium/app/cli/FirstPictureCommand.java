package dev.terrarium.app.cli;

import dev.terrarium.app.bench.FirstPicture;
import dev.terrarium.engine.journal.StateFolder;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Opens a window until it is painted. Part of {@code bench window}; and, because it ends by itself,
 * of the launcher's training run.
 */
@Command(
    name = "first-picture",
    hidden = true,
    mixinStandardHelpOptions = true,
    description = "Open the window, close it when it was painted, print the milliseconds.")
final class FirstPictureCommand implements Callable<Integer> {
  private final Streams streams;

  @Option(names = "--empty", description = "A window with nothing in it.")
  private boolean empty;

  FirstPictureCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() {
    WindowCommand.quietToolkit();
    Duration sinceStart =
        empty
            ? FirstPicture.ofEmptyWindow()
            : FirstPicture.ofWorkbench(StateFolder.standard().path());
    streams.out().println(sinceStart.toMillis());
    return ExitCodes.OK;
  }
}
