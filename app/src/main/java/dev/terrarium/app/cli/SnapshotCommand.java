package dev.terrarium.app.cli;

import dev.terrarium.app.text.VisibleText;
import dev.terrarium.engine.observe.NamespaceType;
import dev.terrarium.engine.observe.Observer;
import dev.terrarium.engine.observe.ProcessInfo;
import dev.terrarium.engine.observe.Snapshot;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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

  private final Streams streams;

  @Option(names = "--json", description = "All of it as JSON, mount tables included.")
  private boolean json;

  @Option(names = "--pid", paramLabel = "N", description = "Only this process, and what it sees.")
  private @Nullable Integer pid;

  SnapshotCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() {
    Snapshot snapshot = new Observer().observe();
    Snapshot shown = pid == null ? snapshot : only(snapshot, pid);
    if (json) {
      Json.print(streams.out(), shown);
    } else {
      print(shown);
    }
    return ExitCodes.OK;
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
