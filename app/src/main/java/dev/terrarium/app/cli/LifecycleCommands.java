package dev.terrarium.app.cli;

import dev.terrarium.engine.cgroup.Cgroup;
import dev.terrarium.engine.registry.Registry;
import dev.terrarium.engine.registry.Registry.Entry;
import dev.terrarium.engine.registry.Status;
import dev.terrarium.engine.syscall.Signals;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * The commands that move a container from one state to the next. It belongs to another process of
 * this program, which notices what happens to it as it would notice any other end.
 */
final class LifecycleCommands {
  private static final int SIGKILL = 9;
  private static final Duration KILL_LIMIT = Duration.ofSeconds(10);

  private LifecycleCommands() {}

  static void addTo(CommandLine root, Streams streams) {
    root.addSubcommand(new Stop())
        .addSubcommand(new Kill())
        .addSubcommand(new Pause())
        .addSubcommand(new Resume())
        .addSubcommand(new Wait())
        .addSubcommand(new Remove(streams));
  }

  /** What they all are told. */
  abstract static class OfOne implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "NAME", description = "The container.")
    String name = "";
  }

  @Command(
      name = "stop",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      description = {
        "Ask a container to end by its stop signal, and kill it when the grace is over. Returns when"
            + " it has ended."
      })
  static final class Stop extends OfOne {
    @Option(
        names = {"-t", "--grace"},
        paramLabel = "TIME",
        description = "How long it may take, such as 500ms. Default: ${DEFAULT-VALUE}.")
    private String grace = "10s";

    @Override
    public Integer call() throws IOException, InterruptedException {
      Duration patience = Durations.parsePositive("--grace", grace);
      Containers containers = new Containers();
      Entry entry = containers.running(name);
      Registry.signal(entry, entry.record().stopSignal());
      if (containers.paused(entry)) {
        // What is stopped where it is cannot hear.
        containers.cgroup(entry).resume();
      }
      if (Registry.await(entry, patience) instanceof Status.Running) {
        kill(containers, entry);
      }
      return ExitCodes.OK;
    }
  }

  private static void kill(Containers containers, Entry entry)
      throws IOException, InterruptedException {
    Registry.signal(entry, SIGKILL);
    if (containers.paused(entry)) {
      // Version 1 lets die only what is not frozen.
      containers.cgroup(entry).letDie();
    }
    if (Registry.await(entry, KILL_LIMIT) instanceof Status.Running) {
      throw Failure.of(
          "%s: process %d did not end within %d s of SIGKILL; it (state D in ps) waits in the kernel"
              .formatted(entry.record().name(), entry.record().pid(), KILL_LIMIT.toSeconds()));
    }
  }

  @Command(
      name = "kill",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      description = {
        "Send a signal to a container's first process. As process 1 of a pid namespace it gets only"
            + " those for which it has a handler; but always KILL and STOP, from outside."
      })
  static final class Kill extends OfOne {
    @Parameters(
        index = "1",
        arity = "0..1",
        paramLabel = "SIGNAL",
        description = "Such as TERM, HUP, 10. Default: ${DEFAULT-VALUE}.")
    private String signal = "KILL";

    @Override
    public Integer call() throws IOException, InterruptedException {
      int number =
          Signals.number(signal)
              .orElseThrow(
                  () -> Failure.usage("'" + signal + "' is no signal; use TERM, SIGTERM or 15"));
      Containers containers = new Containers();
      Entry entry = containers.running(name);
      if (number == SIGKILL) {
        kill(containers, entry);
      } else if (!Registry.signal(entry, number)) {
        throw Failure.of(name + ": the container has just ended");
      }
      return ExitCodes.OK;
    }
  }

  @Command(
      name = "pause",
      mixinStandardHelpOptions = true,
      description = "Stop all processes of a container where they are; none of them can tell.")
  static final class Pause extends OfOne {
    @Override
    public Integer call() throws IOException {
      Containers containers = new Containers();
      containers.cgroup(containers.running(name)).pause();
      return ExitCodes.OK;
    }
  }

  @Command(
      name = "resume",
      mixinStandardHelpOptions = true,
      description = "Let the processes of a paused container go on.")
  static final class Resume extends OfOne {
    @Override
    public Integer call() throws IOException {
      Containers containers = new Containers();
      Entry entry = containers.running(name);
      Cgroup cgroup = containers.cgroup(entry);
      if (!cgroup.frozen()) {
        throw Failure.of(name + ": the container is not paused");
      }
      cgroup.resume();
      return ExitCodes.OK;
    }
  }

  @Command(
      name = "wait",
      mixinStandardHelpOptions = true,
      description = {
        "Wait until a container has ended, and exit with its status, as run does; at once if it has"
            + " ended already and was kept."
      })
  static final class Wait extends OfOne {
    @Override
    public Integer call() throws IOException, InterruptedException {
      Entry entry = new Containers().named(name);
      return switch (Registry.await(entry, Duration.ofDays(36_500))) {
        case Status.Ended(var status) -> status.shellStatus();
        case Status.Lost ignored -> keptMeanwhile(entry);
        case Status.Running ignored -> throw Failure.of(name + ": it runs still");
      };
    }
  }

  /** It may have ended and been put with those that are kept between a look and the next. */
  private static int keptMeanwhile(Entry entry) throws IOException {
    for (Entry other : new Containers().all()) {
      if (other.record().equals(entry.record())
          && other.status() instanceof Status.Ended(var end)) {
        return end.shellStatus();
      }
    }
    throw Failure.of(
        entry.record().name() + ": the container was lost with its engine; how, nobody knows");
  }

  @Command(
      name = "rm",
      mixinStandardHelpOptions = true,
      description = "Remove containers that have ended and were kept, with all that they wrote.")
  static final class Remove implements Callable<Integer> {
    private final Streams streams;

    @Parameters(arity = "1..*", paramLabel = "NAME", description = "The containers.")
    private List<String> names = new ArrayList<>();

    Remove(Streams streams) {
      this.streams = streams;
    }

    @Override
    public Integer call() throws IOException {
      Containers containers = new Containers();
      List<Entry> wanted = new ArrayList<>();
      for (String name : names) {
        Entry entry = containers.named(name);
        if (entry.running()) {
          throw Failure.of(
              "%s: the container runs; ./terrarium stop %s ends it first".formatted(name, name));
        }
        wanted.add(entry);
      }
      for (Entry entry : wanted) {
        containers.remove(entry);
        streams.out().println(entry.record().name());
      }
      return ExitCodes.OK;
    }
  }
}
