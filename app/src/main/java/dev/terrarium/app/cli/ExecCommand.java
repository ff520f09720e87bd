package dev.terrarium.app.cli;

import dev.terrarium.engine.Engine;
import dev.terrarium.engine.account.Accounts;
import dev.terrarium.engine.container.ContainerProcess;
import dev.terrarium.engine.fact.ExitStatus;
import dev.terrarium.engine.fact.Fact;
import dev.terrarium.engine.journal.StateFolder;
import dev.terrarium.engine.registry.ContainerRecord;
import dev.terrarium.engine.registry.Registry;
import dev.terrarium.engine.registry.Registry.Entry;
import dev.terrarium.engine.spec.Program;
import dev.terrarium.engine.spec.Program.User;
import dev.terrarium.engine.spec.Stdio;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Brings one more program into a container, whichever program holds it. */
@Command(
    name = "exec",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    customSynopsis = "terrarium exec [OPTIONS] NAME|PID [--] CMD [ARG...]",
    description = {
      "Run one more program in a running container, or in the namespaces and under the root of any"
          + " process, and exit with its status. It has the container's environment, and is kept"
          + " from what the container is kept from."
    })
final class ExecCommand implements Callable<Integer> {
  /** What the program has started in turn may hold a pipe for ever. */
  private static final Duration REST_OF_OUTPUT = Duration.ofSeconds(2);

  private final Streams streams;

  @Mixin private ProcessOptions process = new ProcessOptions();

  @Option(
      names = "--trace",
      arity = "0..1",
      paramLabel = "json",
      preprocessor = TraceFormat.OnlyAttached.class,
      description = "Print each system call to standard error as it is made; --trace=json as JSON.")
  private @Nullable TraceFormat trace;

  @Parameters(
      paramLabel = "NAME|PID [--] CMD ARG",
      description = "Whose world it enters, the program and its arguments.")
  private List<String> words = new ArrayList<>();

  ExecCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (words.isEmpty()) {
      throw Failure.usage("NAME and CMD are missing; ./terrarium ps lists the containers");
    }
    String where = words.getFirst();
    int from = words.size() > 1 && words.get(1).equals("--") ? 2 : 1;
    if (words.size() <= from) {
      throw Failure.usage(
          "CMD is missing: what is to run in it? Such as: ./terrarium exec " + where + " -- sh");
    }
    int target = new Containers().process(where);
    Stdio stdio = process.stdio();
    Program program = program(target, record(target), words.subList(from, words.size()));
    Consumer<Fact> facts = trace == null ? fact -> {} : new Trace(streams, trace);
    try (Engine engine = Engine.open(StateFolder.standard().path(), facts);
        ContainerProcess begun = engine.exec(target, program, stdio)) {
      ForwardedSignals.to(
          signal -> engine.signal(begun.pid().orElseThrow(), signal),
          List.of("INT", "TERM", "HUP"));
      return (stdio == Stdio.TERMINAL ? onTerminal(begun) : throughPipes(begun)).shellStatus();
    }
  }

  private static Optional<ContainerRecord> record(int pid) throws IOException {
    return new Registry(StateFolder.standard())
        .list().stream()
            .filter(entry -> entry.running() && entry.record().pid() == pid)
            .map(Entry::record)
            .findFirst();
  }

  private Program program(int target, Optional<ContainerRecord> record, List<String> argv)
      throws IOException {
    Supplier<Accounts> accounts = () -> RootFacts.ofProcess(target).accounts();
    User usual = record.map(ContainerRecord::user).orElse(User.ROOT);
    User user = process.namesUser() ? process.user("", accounts) : usual;
    return new Program(
        argv,
        process.environment(environment(target), user, accounts),
        process.workdir().or(() -> record.map(ContainerRecord::workdir)).orElse("/"),
        user);
  }

  /** What the process began with. Source: proc_pid_environ(5). */
  private static List<String> environment(int pid) throws IOException {
    byte[] bytes = Files.readAllBytes(Path.of("/proc", Integer.toString(pid), "environ"));
    return Arrays.stream(new String(bytes, StandardCharsets.UTF_8).split("\0"))
        .filter(pair -> pair.indexOf('=') > 0)
        .toList();
  }

  private ExitStatus onTerminal(ContainerProcess begun) throws IOException, InterruptedException {
    try (TerminalBridge bridge = TerminalBridge.to(begun.console().orElseThrow(), streams)) {
      bridge.handOver();
      ExitStatus status = await(begun);
      bridge.awaitOutput(REST_OF_OUTPUT);
      return status;
    }
  }

  private ExitStatus throughPipes(ContainerProcess begun) throws InterruptedException {
    begun.stdin().ifPresent(pipe -> Relay.into(pipe, streams.in()));
    List<Relay> output =
        List.of(
            Relay.from(begun.stdout().orElseThrow(), streams.output(), "stdout"),
            Relay.from(begun.stderr().orElseThrow(), streams.error(), "stderr"));
    ExitStatus status = await(begun);
    for (Relay relay : output) {
      relay.await(REST_OF_OUTPUT);
    }
    return status;
  }

  private static ExitStatus await(ContainerProcess begun) throws InterruptedException {
    try {
      return begun.exited().get();
    } catch (ExecutionException | CancellationException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw Failure.of("the program was lost: " + ErrorLine.of(cause), cause);
    }
  }
}
