package dev.terrarium.app.cli;

import dev.terrarium.app.workbench.LiveSession;
import dev.terrarium.app.workbench.Shots;
import dev.terrarium.engine.journal.StateFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Pictures of the window, on a live lesson. */
@Command(
    name = "shots",
    mixinStandardHelpOptions = true,
    description = {
      "Play every lesson in the window and write a PNG of every step, in each theme, language"
          + " and size, into a folder. The launcher gives it a screen of its own, which nobody sees."
    })
final class ShotsCommand implements Callable<Integer> {
  private final Streams streams;

  @Parameters(paramLabel = "DIR", description = "The folder; made if it is not there.")
  private Path folder = Path.of("shots");

  ShotsCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    WindowCommand.quietToolkit();
    Path state = StateFolder.standard().path();
    Shots.take(
        () -> LiveSession.open(state),
        folder,
        file -> {
          streams.out().println(file);
          streams.out().flush();
        });
    return ExitCodes.OK;
  }
}
