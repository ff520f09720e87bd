package dev.terrarium.app.cli;

import dev.terrarium.app.bench.FirstPicture;
import dev.terrarium.engine.Doctor;
import dev.terrarium.engine.journal.StateFolder;
import dev.terrarium.lessons.Course;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Goes once through what every start goes through: the launcher's training run. */
@Command(
    name = "warm-up",
    hidden = true,
    mixinStandardHelpOptions = true,
    description = "Load what every start loads, open the window until it is painted, and end.")
final class WarmUpCommand implements Callable<Integer> {
  private final Streams streams;

  WarmUpCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() {
    Course.load();
    StateFolder state = StateFolder.standard();
    Json.print(streams.out(), Doctor.examine(state.path()));
    WindowCommand.quietToolkit();
    streams.out().println(FirstPicture.ofWorkbench(state.path()).toMillis());
    return ExitCodes.OK;
  }
}
