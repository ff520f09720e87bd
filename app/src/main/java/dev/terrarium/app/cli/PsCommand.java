package dev.terrarium.app.cli;

import dev.terrarium.app.text.VisibleText;
import dev.terrarium.engine.registry.ContainerRecord;
import dev.terrarium.engine.registry.Registry.Entry;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The containers of this state folder, whichever program holds them. */
@Command(
    name = "ps",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "List the containers that run; with -a also those that were kept.")
final class PsCommand implements Callable<Integer> {
  private static final int WIDEST_NAME = 20;
  private static final int WIDEST_ROOT = 24;
  private static final int WIDEST_COMMAND = 60;

  private final Streams streams;

  @Option(
      names = {"-a", "--all"},
      description = "Also those that have ended and were kept.")
  private boolean all;

  @Option(names = "--json", description = "As JSON.")
  private boolean json;

  PsCommand(Streams streams) {
    this.streams = streams;
  }

  /**
   * A container as a program reads it.
   *
   * @param status {@code running}, {@code paused}, {@code exited 7}, {@code killed SIGKILL}
   * @param pid its first process, on the host
   * @param created ISO 8601
   * @param namespaces those of its own
   * @param folder its own, on the host
   */
  record Row(
      String name,
      String status,
      int pid,
      String root,
      List<String> command,
      String created,
      List<String> namespaces,
      boolean terminal,
      String folder) {}

  @Override
  public Integer call() throws IOException {
    Containers containers = new Containers();
    List<Entry> shown = containers.all().stream().filter(entry -> all || entry.running()).toList();
    if (json) {
      Json.print(
          streams.out(), shown.stream().map(entry -> row(entry, containers.word(entry))).toList());
      return ExitCodes.OK;
    }
    line("NAME", "STATUS", "PID", "ROOT", "AGE", "COMMAND");
    for (Entry entry : shown) {
      ContainerRecord record = entry.record();
      line(
          record.name(),
          containers.word(entry),
          entry.running() ? Integer.toString(record.pid()) : "-",
          record.root(),
          age(record.created()),
          VisibleText.of(String.join(" ", record.command()), WIDEST_COMMAND));
    }
    return ExitCodes.OK;
  }

  private static Row row(Entry entry, String status) {
    ContainerRecord record = entry.record();
    return new Row(
        record.name(),
        status,
        record.pid(),
        record.root(),
        record.command(),
        record.created().toString(),
        record.namespaces(),
        record.terminal(),
        entry.folder().toString());
  }

  private void line(
      String name, String status, String pid, String root, String age, String command) {
    streams
        .out()
        .printf(
            Locale.ROOT,
            "%s  %-14s  %7s  %s  %5s  %s%n",
            TextWidth.fit(name, Math.max(WIDEST_NAME, TextWidth.of(name))),
            status,
            pid,
            TextWidth.fit(root, Math.max(WIDEST_ROOT, TextWidth.of(root))),
            age,
            command);
  }

  private static String age(Instant created) {
    Duration age = Duration.between(created, Instant.now());
    if (age.toMinutes() < 2) {
      return Math.max(0, age.toSeconds()) + "s";
    }
    return age.toHours() < 2
        ? age.toMinutes() + "m"
        : age.toDays() < 2 ? age.toHours() + "h" : age.toDays() + "d";
  }
}
