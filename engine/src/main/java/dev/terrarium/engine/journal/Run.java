package dev.terrarium.engine.journal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One engine's folder while it runs, and its journal. The folder's name says whose it is, so that a
 * later engine knows whether the owner still lives; a line is in the journal before the thing that
 * it names is made. Thread-safe.
 */
public final class Run implements AutoCloseable {
  static final String KEEP = "keep";

  /** Names on the host know nothing of state folders: no two runs of a process have the same id. */
  private static final Set<String> HELD = ConcurrentHashMap.newKeySet();

  private final StateFolder state;
  private final Path folder;

  private Run(StateFolder state, Path folder) {
    this.state = state;
    this.folder = folder;
  }

  /** Makes this process's folder. */
  public static Run begin(StateFolder state) throws IOException {
    state.create();
    long pid = ProcessHandle.current().pid();
    long start = ProcFile.startTicks(pid).orElse(0);
    Files.createDirectories(state.run());
    return new Run(state, firstFree(state.run(), pid + "-" + start));
  }

  /**
   * Short, because it is part of every path that a trace shows; numbered, because one process may
   * hold several.
   */
  private static Path firstFree(Path runs, String owner) throws IOException {
    for (int number = 1; ; number++) {
      String id = number == 1 ? owner : owner + "-" + number;
      try {
        if (HELD.add(id)) {
          return Files.createDirectory(runs.resolve(id));
        }
      } catch (FileAlreadyExistsException e) {
        // Another engine of this process has it.
      }
    }
  }

  /** In which it is. */
  public StateFolder state() {
    return state;
  }

  public Path folder() {
    return folder;
  }

  /**
   * A word that no other engine of this boot has, for names on the host: the folder's own name,
   * such as {@code 4711-123456}.
   */
  public String id() {
    return folder.getFileName().toString();
  }

  /** The folder of that container, made now: writable layer, work folder, mount point. */
  public Path makeFolderOf(String container) throws IOException {
    return Files.createDirectories(folderOf(container));
  }

  /** Removes the folder of a container that has ended, with all that its users made. */
  public void remove(Path container) throws IOException {
    Trees.remove(state, container);
  }

  /** Where the container's folder is, or will be. */
  public Path folderOf(String container) {
    return folder.resolve(container);
  }

  /** Marks a container's folder as one to be kept when its engine ends, however that comes. */
  public void markKept(Path container) throws IOException {
    Files.createFile(container.resolve(KEEP));
  }

  /**
   * Moves the folder of a container that has ended to those that are kept.
   *
   * @throws IOException if one of that name is there already
   */
  public void keep(Path container, String name) throws IOException {
    keep(state, container, name);
  }

  static void keep(StateFolder state, Path container, String name) throws IOException {
    Files.createDirectories(state.kept());
    // Not over one that is there: rename(2) replaces an empty folder only.
    Files.move(container, state.kept().resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }

  /**
   * Notes something that is about to be made; when this returns, the next engine will remove it if
   * this one cannot.
   */
  public void note(Resource resource) throws IOException {
    append(Journal.MADE + resource.line());
  }

  /** Notes that something noted before is gone: by now its name may be somebody else's. */
  public void gone(Resource resource) throws IOException {
    append(Journal.GONE + resource.line());
  }

  /**
   * Not forced to the disk: a killed engine's writes are in the kernel already, and what a power
   * failure could lose of the journal it ends as well.
   */
  private synchronized void append(String line) throws IOException {
    Path journal = folder.resolve(Journal.NAME);
    String head = Files.exists(journal) ? "" : Journal.BOOT + Journal.bootId() + "\n";
    Files.write(
        journal,
        (head + line + "\n").getBytes(StandardCharsets.UTF_8),
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  /** Ends what the journal names and removes the folder. */
  @Override
  public void close() {
    Leftovers.end(state, folder);
    HELD.remove(id());
  }
}
