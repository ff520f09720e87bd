package dev.terrarium.app.cli;

import dev.terrarium.engine.Engine;
import dev.terrarium.engine.commit.CommitRequest;
import dev.terrarium.engine.commit.Committed;
import dev.terrarium.engine.fact.Fact;
import dev.terrarium.engine.journal.StateFolder;
import dev.terrarium.engine.layer.ImageTree;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes what a container wrote a layer of a new image. */
@Command(
    name = "commit",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Make what a container wrote the topmost layer of a new image. It may run, and stands still"
          + " meanwhile if it has a cgroup; or have been kept."
    })
final class CommitCommand implements Callable<Integer> {
  private final Streams streams;

  @Parameters(paramLabel = "NAME", description = "The container.")
  private String container = "";

  @Parameters(paramLabel = "IMAGE", description = "What the new image is called.")
  private String reference = "";

  @Option(
      names = {"-m", "--message"},
      paramLabel = "TEXT",
      description = "For the image's history.")
  private String message = "";

  @Option(
      names = {"-c", "--change"},
      paramLabel = "LINE",
      description = {
        "A line of a Dockerfile that changes the configuration, such as 'CMD [\"sh\"]'; can be"
            + " repeated."
      })
  private List<String> changes = new ArrayList<>();

  @Option(names = "--json", description = "The result as JSON.")
  private boolean json;

  CommitCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    try (Engine engine = Engine.open(StateFolder.standard().path(), this::hear)) {
      Committed made = engine.commit(container, new CommitRequest(reference, message, changes));
      if (json) {
        Json.print(streams.out(), made);
      } else {
        print(made);
      }
    }
    return ExitCodes.OK;
  }

  private void hear(Fact fact) {
    if (fact instanceof Fact.StepBegan step) {
      streams.say(step.sentence());
    } else if (fact instanceof Fact.LeftOut omitted) {
      streams.say(omitted.step() + " left out: " + omitted.why());
    }
  }

  private void print(Committed made) {
    ImageTree.Share written = made.written();
    long before = made.storedBytes() - written.stored();
    streams
        .out()
        .printf(
            Locale.ROOT,
            "%s  %s%n  layers           %d, one more than %s%n  the new layer    %d added, %d changed, %d removed%n",
            made.reference(),
            made.manifest().substring(7, 19),
            made.shares().size(),
            made.base(),
            written.added(),
            written.changed(),
            written.removed());
    streams
        .out()
        .printf(
            Locale.ROOT,
            "  stored           %s and now %s (%s)%n  a container sees %s and now %s (%s)%n",
            Sizes.of(before),
            Sizes.of(made.storedBytes()),
            Sizes.signed(written.stored()),
            Sizes.of(written.total() - written.contribution()),
            Sizes.of(written.total()),
            Sizes.signed(written.contribution()));
  }
}
