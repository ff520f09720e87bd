package dev.terrarium.engine.registry;

import dev.terrarium.engine.fact.ExitStatus;
import dev.terrarium.engine.journal.Resource.Session;
import dev.terrarium.engine.journal.StateFolder;
import dev.terrarium.engine.journal.Trees;
import dev.terrarium.engine.posix.Pidfd;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The containers of one state folder: those that engines have running, and those that were kept.
 *
 * <pre>
 *   run/PID-START/NAME/container.json   a container of the engine PID: see {@link ContainerRecord}
 *                     /exit             empty while it runs, then how it ended
 *                     /log              what it printed, if that was asked for
 *   kept/NAME/...                       the same, ended, with its writable layer
 * </pre>
 */
public final class Registry {
  private static final String RECORD = "container.json";
  static final String EXIT = "exit";

  private final StateFolder state;

  public Registry(StateFolder state) {
    this.state = state;
  }

  /**
   * A container that was found.
   *
   * @param folder its own
   */
  public record Entry(ContainerRecord record, Path folder, Status status) {
    public boolean running() {
      return status instanceof Status.Running;
    }
  }

  /** Enters a container that has just begun, in its own folder. */
  public static void enter(Path folder, ContainerRecord record) throws IOException {
    // It exists from the beginning: whoever waits has it open when the folder goes.
    Files.createFile(folder.resolve(EXIT));
    Path fresh = folder.resolve(RECORD + ".new");
    Files.writeString(fresh, record.json());
    Files.move(fresh, folder.resolve(RECORD), StandardCopyOption.ATOMIC_MOVE);
  }

  /** Notes how it ended. */
  public static void ended(Path folder, ExitStatus status) throws IOException {
    Path exit = folder.resolve(EXIT);
    if (Files.exists(exit)) {
      Files.writeString(exit, Status.line(status), StandardOpenOption.WRITE);
    }
  }

  /** The files that are made in a container's folder here. */
  public static List<String> files() {
    return List.of(RECORD, EXIT);
  }

  /** All that are there, the oldest first. */
  public List<Entry> list() throws IOException {
    List<Entry> entries = new ArrayList<>();
    for (Path engine : folders(state.run())) {
      for (Path container : folders(engine)) {
        read(container, entries);
      }
    }
    for (Path container : folders(state.kept())) {
      read(container, entries);
    }
    entries.sort(Comparator.comparing(entry -> entry.record().created()));
    return entries;
  }

  /** Those of that name: one, unless several engines use the same name, or none. */
  public List<Entry> named(String name) throws IOException {
    return list().stream().filter(entry -> entry.record().name().equals(name)).toList();
  }

  /**
   * Sends a signal to the first process of a container, and to no other that may have its number by
   * now.
   *
   * @return false if it has ended
   * @throws IOException if the kernel refuses
   */
  public static boolean signal(Entry entry, int signal) throws IOException {
    ContainerRecord record = entry.record();
    Optional<Pidfd> held = Pidfd.open(record.pid());
    if (held.isEmpty()) {
      return false;
    }
    // What is held cannot change any more: if the start is right now, it will be.
    try (Pidfd process = held.get()) {
      return alive(record) && process.signal(signal);
    }
  }

  /**
   * Waits until a container has ended, whoever's it is.
   *
   * @return how it is then; running if the limit came first
   */
  public static Status await(Entry entry, Duration limit) throws IOException, InterruptedException {
    return Waiting.forEnd(entry, limit);
  }

  static boolean alive(ContainerRecord record) {
    return Session.of(record.pid()).startTicks() == record.startTicks();
  }

  /**
   * The one of that name.
   *
   * @throws IllegalArgumentException if there is none, or more than one
   */
  public Entry only(String name) throws IOException {
    List<Entry> found = named(name);
    if (found.size() == 1) {
      return found.getFirst();
    }
    throw new IllegalArgumentException(
        found.isEmpty()
            ? "container \"%s\": none of that name runs or was kept".formatted(name)
            : "container \"%s\": several engines have one of that name; end all but one"
                .formatted(name));
  }

  /**
   * Removes a kept container with all that it wrote.
   *
   * @throws IllegalStateException if it is not one that was kept
   */
  public void remove(Entry entry) throws IOException {
    if (!state.kept().equals(entry.folder().getParent())) {
      throw new IllegalStateException(
          "container " + entry.record().name() + " belongs to an engine that is still there");
    }
    Trees.remove(state, entry.folder());
  }

  private static List<Path> folders(Path parent) throws IOException {
    List<Path> folders = new ArrayList<>();
    try (DirectoryStream<Path> children = Files.newDirectoryStream(parent, Files::isDirectory)) {
      children.forEach(folders::add);
    } catch (NoSuchFileException e) {
      // Nothing was made yet, or its engine has just ended.
    }
    return folders;
  }

  private static void read(Path folder, List<Entry> entries) throws IOException {
    try {
      ContainerRecord record = ContainerRecord.parse(Files.readString(folder.resolve(RECORD)));
      String exit = Files.readString(folder.resolve(EXIT));
      entries.add(new Entry(record, folder, status(record, exit)));
    } catch (NoSuchFileException e) {
      // It is still being set up, or is just being removed.
    }
  }

  private static Status status(ContainerRecord record, String exit) {
    return Status.parse(exit)
        .orElseGet(() -> alive(record) ? new Status.Running() : new Status.Lost());
  }

  /** The file that says how the container ended; empty while it runs. */
  public static Path exitFile(Entry entry) {
    return entry.folder().resolve(EXIT);
  }
}
