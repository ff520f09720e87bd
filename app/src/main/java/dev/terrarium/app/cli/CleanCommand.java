package dev.terrarium.app.cli;

import dev.terrarium.engine.journal.Leftovers;
import dev.terrarium.engine.journal.StateFolder;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Removes what an engine left behind that was killed or lost its power. */
@Command(
    name = "clean",
    mixinStandardHelpOptions = true,
    description = {
      "Remove whatever is left over from an earlier run that could not clean up, and list it."
    })
final class CleanCommand implements Callable<Integer> {
  private final Streams streams;

  CleanCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    StateFolder state = StateFolder.standard();
    List<String> lines = Leftovers.sweep(state);
    lines.forEach(streams.out()::println);
    if (lines.isEmpty()) {
      streams.say("nothing was left over in " + state.path());
    }
    return lines.stream().anyMatch(line -> line.startsWith("not removed"))
        ? ExitCodes.FAILED
        : ExitCodes.OK;
  }
}
