package dev.terrarium.app.cli;

import dev.terrarium.app.text.VisibleText;
import dev.terrarium.engine.Engine;
import dev.terrarium.engine.journal.StateFolder;
import dev.terrarium.engine.observe.Isolation;
import dev.terrarium.engine.observe.Namespace;
import dev.terrarium.engine.observe.NamespaceType;
import dev.terrarium.engine.observe.NamespaceView;
import dev.terrarium.engine.observe.Observer;
import dev.terrarium.engine.observe.ProcessInfo;
import dev.terrarium.engine.observe.Snapshot;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The host at this instant: processes, their numbers and their namespaces. */
@Command(
    name = "snapshot",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Look at the host once: every process with its numbers in nested pid namespaces and its eight"
          + " namespaces. An asterisk marks a namespace that is not the observer's own."
    })
final class SnapshotCommand implements Callable<Integer> {
  private static final int WIDEST_COMMAND = 60;
  private static final int WIDEST_LINE = 2000;

  private final Streams streams;

  @Option(names = "--json", description = "All of it as JSON, mount tables included.")
  private boolean json;

  @Option(
      names = "--pid",
      paramLabel = "N",
      description = "Only this process, and what each of its namespaces keeps apart.")
  private @Nullable Integer pid;

  SnapshotCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    Snapshot snapshot = new Observer().observe();
    if (pid != null) {
      return look(only(snapshot, pid), pid);
    }
    if (json) {
      Json.print(streams.out(), snapshot);
    } else {
      print(snapshot);
    }
    return ExitCodes.OK;
  }

  /**
   * A process, and what its namespaces isolate.
   *
   * @param isolation in the order of {@link NamespaceType}
   */
  private record Seen(Snapshot snapshot, List<NamespaceView> isolation) {}

  private int look(Snapshot shown, int process) throws IOException {
    try (Engine engine = Engine.open(StateFolder.standard().path(), fact -> {})) {
      List<NamespaceView> views = engine.look(Set.of(process)).of(process);
      if (json) {
        Json.print(streams.out(), new Seen(shown, views));
      } else {
        print(shown);
        views.forEach(this::print);
      }
      return ExitCodes.OK;
    } catch (IllegalArgumentException e) {
      throw Failure.of("--pid " + process + ": it has ended meanwhile");
    }
  }

  private void print(NamespaceView view) {
    Namespace namespace = view.namespace();
    String owner =
        namespace.type() != NamespaceType.USER && view.owner().isPresent()
            ? ", owned by user:[" + view.owner().getAsLong() + "]"
            : "";
    String number = namespace.inode() == 0 ? "?" : Long.toString(namespace.inode());
    streams.out().printf("%n%s:[%s]%s%n", namespace.type().procName(), number, owner);
    for (Isolation.Line line : view.lines()) {
      streams
          .out()
          .printf(
              "  %-24s %s%n",
              VisibleText.of(line.subject(), WIDEST_COMMAND),
              VisibleText.of(line.value(), WIDEST_LINE));
    }
  }

  private static Snapshot only(Snapshot snapshot, int pid) {
    Optional<ProcessInfo> process = snapshot.process(pid);
    if (process.isEmpty()) {
      throw Failure.of(
          "--pid %d: there is no such process among the %d that are visible here"
              .formatted(pid, snapshot.processes().size()));
    }
    long table = process.get().namespaces().mnt();
    return new Snapshot(
        snapshot.at(),
        snapshot.self(),
        List.of(process.get()),
        snapshot.mounts().containsKey(table)
            ? Map.of(table, snapshot.mounts().get(table))
            : Map.of());
  }

  private void print(Snapshot snapshot) {
    StringBuilder head =
        new StringBuilder("%7s %7s %6s S %-9s".formatted("PID", "PPID", "UID", "INSIDE"));
    for (NamespaceType type : NamespaceType.values()) {
      head.append(" %-11s".formatted(type.procName().toUpperCase(Locale.ROOT)));
    }
    streams.out().println(head + " COMMAND");
    for (ProcessInfo process : snapshot.processes()) {
      streams.out().println(row(snapshot, process));
    }
  }

  private static String row(Snapshot snapshot, ProcessInfo process) {
    String inside =
        process.pids().stream().skip(1).map(String::valueOf).collect(Collectors.joining("/"));
    StringBuilder row =
        new StringBuilder(
            "%7d %7d %6d %c %-9s"
                .formatted(process.pid(), process.ppid(), process.uid(), process.state(), inside));
    for (NamespaceType type : NamespaceType.values()) {
      long inode = process.namespaces().inode(type);
      String mark = inode != 0 && inode != snapshot.self().inode(type) ? "*" : "";
      row.append(" %-11s".formatted(inode == 0 ? "?" : inode + mark));
    }
    return row + " " + VisibleText.of(process.command(), WIDEST_COMMAND);
  }
}
