package dev.terrarium.app.cli;

import dev.terrarium.engine.Engine;
import dev.terrarium.engine.commit.WrittenChange;
import dev.terrarium.engine.journal.StateFolder;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What a container did to the files of its image. */
@Command(
    name = "diff",
    mixinStandardHelpOptions = true,
    description = {
      "What a container has added (A), changed (C) and deleted (D), and by how much its tree grew with"
          + " each. It may run or have been kept."
    })
final class DiffCommand implements Callable<Integer> {
  private final Streams streams;

  @Parameters(paramLabel = "NAME", description = "The container.")
  private String container = "";

  @Option(names = "--json", description = "As JSON.")
  private boolean json;

  DiffCommand(Streams streams) {
    this.streams = streams;
  }

  /** One path that it changed. */
  record Line(String change, String path, String type, long bytes, long beforeBytes) {
    static Line of(WrittenChange change) {
      return new Line(
          change.kind().name().substring(0, 1),
          "/" + change.path().shown(),
          change.type().name().toLowerCase(Locale.ROOT).replace('_', '-'),
          change.bytes(),
          change.before());
    }
  }

  @Override
  public Integer call() throws IOException {
    try (Engine engine = Engine.open(StateFolder.standard().path(), fact -> {})) {
      List<WrittenChange> changes = engine.changes(container);
      if (json) {
        Json.print(streams.out(), changes.stream().map(Line::of).toList());
        return ExitCodes.OK;
      }
      for (WrittenChange change : changes) {
        Line line = Line.of(change);
        streams
            .out()
            .printf(
                Locale.ROOT,
                "%s %9s  %s%n",
                line.change(),
                change.growth() == 0 ? "" : Sizes.signed(change.growth()),
                line.path());
      }
    }
    return ExitCodes.OK;
  }
}
