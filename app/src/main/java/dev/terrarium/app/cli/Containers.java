package dev.terrarium.app.cli;

import dev.terrarium.engine.cgroup.Cgroup;
import dev.terrarium.engine.cgroup.Delegation;
import dev.terrarium.engine.cgroup.Driver;
import dev.terrarium.engine.fact.ExitStatus;
import dev.terrarium.engine.journal.StateFolder;
import dev.terrarium.engine.registry.Registry;
import dev.terrarium.engine.registry.Registry.Entry;
import dev.terrarium.engine.registry.Status;
import dev.terrarium.engine.syscall.Signals;
import dev.terrarium.engine.text.Nearest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** Finds the containers of this state folder by name, and says in one line why it cannot. */
final class Containers {
  private final StateFolder state = StateFolder.standard();
  private final Registry registry = new Registry(state);

  /** All, the oldest first. */
  List<Entry> all() throws IOException {
    return registry.list();
  }

  /** The one of that name; if several engines use it, the one that runs. */
  Entry named(String name) throws IOException {
    List<Entry> entries = registry.named(name);
    if (entries.size() == 1) {
      return entries.getFirst();
    }
    List<Entry> running = entries.stream().filter(Entry::running).toList();
    if (running.size() == 1) {
      return running.getFirst();
    }
    if (entries.isEmpty()) {
      throw Failure.of("%s: there is no such container%s".formatted(name, instead(name)));
    }
    throw Failure.of(
        "%s: %d containers have that name, with the processes %s; --name gives each one of its own"
            .formatted(
                name,
                entries.size(),
                entries.stream()
                    .map(entry -> Integer.toString(entry.record().pid()))
                    .collect(Collectors.joining(", "))));
  }

  private String instead(String name) throws IOException {
    List<String> names = all().stream().map(entry -> entry.record().name()).distinct().toList();
    if (names.isEmpty()) {
      return "; there is none in " + state.path();
    }
    String near = Nearest.question(name, names);
    return near.isEmpty() ? "; there is: " + String.join(", ", names) : near;
  }

  /** The one of that name, which must run. */
  Entry running(String name) throws IOException {
    Entry entry = named(name);
    if (!entry.running()) {
      throw Failure.of("%s: the container does not run: it %s".formatted(name, word(entry)));
    }
    return entry;
  }

  /** The first process of the container of that name, or the process of that number. */
  int process(String nameOrPid) {
    try {
      boolean number = nameOrPid.matches("[1-9]\\d{0,8}");
      if (number && registry.named(nameOrPid).isEmpty()) {
        if (!Files.exists(Path.of("/proc", nameOrPid))) {
          throw Failure.of(nameOrPid + ": there is no such container and no such process");
        }
        return Integer.parseInt(nameOrPid);
      }
      return running(nameOrPid).record().pid();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes sure that nobody has that name. */
  void free(String name) throws IOException {
    Optional<Entry> taken = registry.named(name).stream().findFirst();
    if (taken.isPresent()) {
      throw Failure.of(
          taken.get().running()
              ? "--name %s: a running container has that name; choose another, or ./terrarium stop %s"
                  .formatted(name, name)
              : "--name %s: a container that was kept has that name; choose another, or ./terrarium rm %s"
                  .formatted(name, name));
    }
  }

  void remove(Entry entry) throws IOException {
    registry.remove(entry);
  }

  /** The cgroup of a running container. */
  Cgroup cgroup(Entry entry) {
    return switch (Delegation.find()) {
      case Delegation.Granted granted -> {
        Cgroup cgroup = cgroup(granted.driver(), entry);
        if (cgroup.folders().stream().noneMatch(Files::isDirectory)) {
          throw Failure.of(
              entry.record().name()
                  + ": the container has no cgroup of its own; run it without --bare, or with a limit");
        }
        yield cgroup;
      }
      case Delegation.Refused refused ->
          throw Failure.of(
              "%s: there is no cgroup for it: %s: %s"
                  .formatted(entry.record().name(), refused.why(), refused.remedy()));
    };
  }

  /** Its name is that of its engine's run, which its folder lies in, and its own. */
  private static Cgroup cgroup(Driver driver, Entry entry) {
    Path run = Objects.requireNonNull(entry.folder().getParent());
    return Cgroup.of(driver, String.valueOf(run.getFileName()), entry.record().name());
  }

  /** Whether its processes are stopped where they are. */
  boolean paused(Entry entry) {
    return entry.running()
        && Delegation.find() instanceof Delegation.Granted granted
        && cgroup(granted.driver(), entry).frozen();
  }

  /** Its status in a word or two. */
  String word(Entry entry) {
    return switch (entry.status()) {
      case Status.Running ignored -> paused(entry) ? "paused" : "running";
      case Status.Ended(ExitStatus.Exited exited) -> "exited " + exited.code();
      case Status.Ended(ExitStatus.Killed killed) -> "killed " + Signals.name(killed.signal());
      case Status.Lost ignored -> "was lost with its engine";
    };
  }
}
