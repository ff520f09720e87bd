package dev.terrarium.app.cli;

import static dev.terrarium.engine.remote.Elevation.Asked.AT_THE_SCREEN;

import dev.terrarium.app.workbench.LiveSession;
import dev.terrarium.app.workbench.Workbench;
import dev.terrarium.engine.journal.StateFolder;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine.Command;

/** The workbench: what the program does if it is told nothing. */
@Command(
    name = "window",
    hidden = true,
    mixinStandardHelpOptions = true,
    description = "Open the workbench.")
final class WindowCommand implements Callable<Integer> {
  /** Held, because a logger that nobody holds forgets its level. */
  private static final Logger TOOLKIT = Logger.getLogger("javafx");

  @Override
  public Integer call() {
    quietToolkit();
    Path state = StateFolder.standard().path();
    try {
      Workbench.Options options = Workbench.Options.of(() -> LiveSession.open(state));
      Map<String, String> environment = System.getenv();
      Workbench.open(
          EngineServers.canBeAskedFor(AT_THE_SCREEN, environment)
              ? options.elevating(
                  () -> LiveSession.borrow(EngineServers.ways(AT_THE_SCREEN, environment)))
              : options);
    } catch (UnsupportedOperationException e) {
      throw Failure.of(
          "no window can be opened (%s); ./terrarium lesson plays in the terminal"
              .formatted(ErrorLine.of(e)),
          e);
    }
    return ExitCodes.OK;
  }

  /** JavaFX warns at each start that it is on the class path, which is meant. */
  static void quietToolkit() {
    TOOLKIT.setLevel(Level.SEVERE);
  }
}
