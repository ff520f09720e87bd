package dev.terrarium.app.cli;

import dev.terrarium.engine.journal.StateFolder;
import dev.terrarium.engine.remote.EngineServer;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** The engine for a window that has fewer rights; started by it, through sudo or pkexec. */
@Command(
    name = EngineServerCommand.NAME,
    hidden = true,
    mixinStandardHelpOptions = true,
    description = "Be an engine for the process that started this one, over descriptors 0 and 1.")
final class EngineServerCommand implements Callable<Integer> {
  static final String NAME = "engine-server";

  @Override
  public Integer call() throws IOException {
    EngineServer.serveStarter(StateFolder.standard().path());
    return ExitCodes.OK;
  }
}
