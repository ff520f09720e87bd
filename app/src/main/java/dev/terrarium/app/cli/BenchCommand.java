package dev.terrarium.app.cli;

import dev.terrarium.app.bench.OrdinaryUser;
import dev.terrarium.app.bench.WindowBenchmark;
import dev.terrarium.engine.bench.ImageBenchmark;
import dev.terrarium.engine.bench.SnapshotBenchmark;
import dev.terrarium.engine.bench.StartBenchmark;
import dev.terrarium.engine.host.Rights;
import dev.terrarium.engine.journal.StateFolder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The measurements, side by side with the peers that are installed. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Measure, interleaved with the peers that are installed, and print medians and ratios."
    })
final class BenchCommand implements Callable<Integer> {

  /** What can be measured. */
  enum Subject {
    SNAPSHOT,
    START,
    IMAGE,
    WINDOW
  }

  private final Streams streams;

  @Parameters(
      arity = "0..*",
      paramLabel = "SUBJECT",
      description = {
        "snapshot: a host with 3,000 processes, beside lsns. start: a container from nothing to"
            + " nothing, beside bubblewrap, unshare, crun, runc, podman and docker, and many at once."
            + " image: one of 60,000 files, or --image FILE, imported and unpacked, beside skopeo and"
            + " umoci. window: its first picture, beside an"
            + " empty window, and a click. Default: all."
      })
  private List<Subject> subjects = new ArrayList<>();

  @Option(
      names = "--processes",
      paramLabel = "N",
      description = "How crowded the host of the snapshot is. Default: 3000.")
  private int processes = 3000;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = {
        "How often each is measured. Default: 30 snapshots, 200 starts, 3 images, 7 windows."
      })
  private int rounds;

  @Option(
      names = "--image",
      paramLabel = "FILE",
      description = "What docker save wrote, for the subject image.")
  private @Nullable Path image;

  BenchCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws Exception {
    WindowCommand.quietToolkit();
    if (processes < 1 || rounds < 0) {
      throw Failure.usage("--processes and --rounds are positive numbers");
    }
    for (Subject subject : subjects.isEmpty() ? List.of(Subject.values()) : subjects) {
      streams.say("measuring " + subject.name().toLowerCase(Locale.ROOT) + " ...");
      streams.out().println(measure(subject).stripTrailing());
      streams.out().flush();
    }
    return ExitCodes.OK;
  }

  private String measure(Subject subject) throws Exception {
    return switch (subject) {
      case SNAPSHOT -> SnapshotBenchmark.run(processes, rounds(30));
      case START -> {
        String own = StartBenchmark.run(StateFolder.standard(), rounds(200));
        yield Rights.current().privileged()
            ? own
                + "\n"
                + OrdinaryUser.run(
                    List.of("bench", "start", "--rounds", Integer.toString(rounds(200))))
            : own;
      }
      case IMAGE -> ImageBenchmark.run(Optional.ofNullable(image), rounds(3));
      case WINDOW -> WindowBenchmark.run(StateFolder.standard().path(), rounds(7));
    };
  }

  private int rounds(int usual) {
    return rounds == 0 ? usual : rounds;
  }
}
