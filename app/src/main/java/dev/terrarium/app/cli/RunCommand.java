package dev.terrarium.app.cli;

import dev.terrarium.engine.Engine;
import dev.terrarium.engine.container.Container;
import dev.terrarium.engine.fact.ExitStatus;
import dev.terrarium.engine.fact.Fact;
import dev.terrarium.engine.journal.StateFolder;
import dev.terrarium.engine.observe.NamespaceType;
import dev.terrarium.engine.spec.ContainerSpec;
import dev.terrarium.engine.step.Step;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs one program in a container of its own, waits for it and leaves nothing behind. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    customSynopsis = {
      "terrarium run [OPTIONS] IMAGE [--] [CMD [ARG...]]",
      "       terrarium run [OPTIONS] --rootfs DIR [--] CMD [ARG...]"
    },
    sortOptions = false,
    description = {
      "Run a program in a new container and exit with its status, 128 and the signal's number if a"
          + " signal ended it; 1 if it could not be started, 2 if the command line is wrong. SIGINT, SIGTERM and SIGHUP go to its first process; a second one"
          + " kills it. It lives and dies with this program: nothing is left in the background, but"
          + " ./terrarium run ... & is a job of the shell."
    })
final class RunCommand implements Callable<Integer> {
  /** A process that was left running without a pid namespace to end it may hold a pipe for ever. */
  private static final Duration REST_OF_OUTPUT = Duration.ofSeconds(2);

  private final Streams streams;

  @Mixin private RunOptions options = new RunOptions();

  @Option(
      names = "--trace",
      arity = "0..1",
      paramLabel = "json",
      preprocessor = TraceFormat.OnlyAttached.class,
      description = "Print each system call to standard error as it is made; --trace=json as JSON.")
  private @Nullable TraceFormat trace;

  @Option(names = "--dry-run", description = "Print the plan; make no call.")
  private boolean dryRun;

  RunCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Victims victims = new Victims();
    TraceFormat format = trace == null ? TraceFormat.TEXT : trace;
    Consumer<Fact> facts =
        victims.andThen(new Trace(streams, format, trace != null, options.wired()));
    try (Engine engine = Engine.open(StateFolder.standard().path(), facts)) {
      ContainerSpec spec = options.spec(engine.privileged());
      try (Container container = engine.prepare(spec)) {
        if (dryRun) {
          printPlan(container.plan());
          return ExitCodes.OK;
        }
        if (options.keep()) {
          container.keep();
        }
        ExitStatus status = run(engine, container);
        victims.report(spec.limits()).ifPresent(line -> streams.say("terrarium run: " + line));
        return status.shellStatus();
      }
    }
  }

  private ExitStatus run(Engine engine, Container container)
      throws IOException, InterruptedException {
    ForwardedSignals.to(forwarder(engine, container), List.of("INT", "TERM", "HUP"));
    return switch (container.spec().stdio()) {
      case TERMINAL -> onTerminal(container);
      case PIPES -> throughPipes(container);
      case NULL, LOG -> {
        container.start();
        yield await(container);
      }
    };
  }

  private ExitStatus onTerminal(Container container) throws IOException, InterruptedException {
    // The terminal is there from the first step on, and has its size before anybody asks for it.
    container.step();
    try (TerminalBridge bridge = TerminalBridge.to(container.console().orElseThrow(), streams)) {
      container.start();
      bridge.handOver();
      ExitStatus status = await(container);
      bridge.awaitOutput(restOfOutput(container));
      return status;
    }
  }

  private ExitStatus throughPipes(Container container) throws InterruptedException {
    container.start();
    container.stdin().ifPresent(pipe -> Relay.into(pipe, streams.in()));
    List<Relay> output =
        List.of(
            Relay.from(container.stdout().orElseThrow(), streams.output(), "stdout"),
            Relay.from(container.stderr().orElseThrow(), streams.error(), "stderr"));
    ExitStatus status = await(container);
    for (Relay relay : output) {
      relay.await(restOfOutput(container));
    }
    return status;
  }

  /** The end of a pid namespace's first process ends all others: nobody is left who could print. */
  private static Duration restOfOutput(Container container) {
    return container.spec().namespaces().makes(NamespaceType.PID)
        ? Duration.ofDays(1)
        : REST_OF_OUTPUT;
  }

  /**
   * The first signal is the program's to handle. As PID 1 it may ignore it: the second one is not.
   */
  private static java.util.function.IntConsumer forwarder(Engine engine, Container container) {
    AtomicBoolean second = new AtomicBoolean();
    return signal -> {
      if (second.getAndSet(true)) {
        container.pid().ifPresent(pid -> engine.signal(pid, 9));
      } else {
        container.pid().ifPresent(pid -> engine.signal(pid, signal));
      }
    };
  }

  private static ExitStatus await(Container container) throws InterruptedException {
    try {
      return container.exited().get();
    } catch (ExecutionException | CancellationException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw Failure.of("the container was lost: " + ErrorLine.of(cause), cause);
    }
  }

  private void printPlan(List<Step> plan) {
    int number = 1;
    for (Step step : plan) {
      streams.out().printf("%2d  %-20s %s%n", number++, step.id(), step.sentence());
      step.byHand().lines().forEach(line -> streams.out().println("      $ " + line));
    }
  }
}
