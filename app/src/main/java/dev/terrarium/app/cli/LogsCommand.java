package dev.terrarium.app.cli;

import dev.terrarium.engine.log.ContainerLog;
import dev.terrarium.engine.registry.Registry;
import dev.terrarium.engine.registry.Registry.Entry;
import dev.terrarium.engine.registry.Status;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What a container that was run with {@code --log} has printed. */
@Command(
    name = "logs",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Show what a container has printed that was run with --log: its output here on standard"
          + " output, its errors on standard error."
    })
final class LogsCommand implements Callable<Integer> {
  private final Streams streams;

  @Option(
      names = {"-f", "--follow"},
      description = "Also what it prints from now on, until it ends.")
  private boolean follow;

  @Option(names = "--timestamps", description = "When each line was printed, before it.")
  private boolean timestamps;

  @Parameters(paramLabel = "NAME", description = "The container.")
  private String name = "";

  private boolean lineBegins = true;

  LogsCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Entry entry = new Containers().named(name);
    BooleanSupplier more = () -> follow && !streams.output().closed() && runs(entry);
    try {
      ContainerLog.read(entry.folder(), more, this::print);
    } catch (NoSuchFileException e) {
      throw Failure.of(name + ": the container keeps no log; run it with --log", e);
    }
    return ExitCodes.OK;
  }

  private static boolean runs(Entry entry) {
    try {
      return Registry.await(entry, Duration.ZERO) instanceof Status.Running;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void print(Instant at, ContainerLog.Stream stream, byte[] printed) {
    WatchedOutput to =
        switch (stream) {
          case STDOUT -> streams.output();
          case STDERR -> streams.error();
        };
    if (timestamps && lineBegins) {
      byte[] head = (at + " ").getBytes(StandardCharsets.US_ASCII);
      to.write(head, 0, head.length);
    }
    to.write(printed, 0, printed.length);
    to.flush();
    lineBegins = printed.length > 0 && printed[printed.length - 1] == '\n';
  }
}
