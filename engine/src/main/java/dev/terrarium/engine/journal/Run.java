package dev.terrarium.engine.journal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * One engine's folder while it runs, and its journal. The folder's name says whose it is, so that a
 * later engine knows whether the owner still lives; a line is in the journal before the thing that
 * it names is made.
 */
public final class Run implements AutoCloseable {
  /** No container can have this name. */
  static final String JOURNAL = ".journal";

  private final Path folder;

  private Run(Path folder) {
    this.folder = folder;
  }

  /** Makes this process's folder. */
  public static Run begin(StateFolder state) throws IOException {
    state.create();
    long pid = ProcessHandle.current().pid();
    long start = ProcFile.startTicks(pid).orElse(0);
    Files.createDirectories(state.run());
    return new Run(firstFree(state.run(), pid + "-" + start));
  }

  /**
   * Short, because it is part of every path that a trace shows; numbered, because one process may
   * hold several.
   */
  private static Path firstFree(Path runs, String owner) throws IOException {
    for (int number = 1; ; number++) {
      try {
        return Files.createDirectory(runs.resolve(number == 1 ? owner : owner + "-" + number));
      } catch (FileAlreadyExistsException e) {
        // Another engine of this process has it.
      }
    }
  }

  public Path folder() {
    return folder;
  }

  /** The folder of that container, made now: writable layer, work folder, mount point. */
  public Path makeFolderOf(String container) throws IOException {
    return Files.createDirectories(folderOf(container));
  }

  /** Where the container's folder is, or will be. */
  public Path folderOf(String container) {
    return folder.resolve(container);
  }

  /**
   * Notes that a process leads a session of its own, all of which is to end with this engine.
   *
   * @param leader its process id on the host
   */
  public void session(int leader) throws IOException {
    append("session " + leader + " " + ProcFile.startTicks(leader).orElse(0));
  }

  private synchronized void append(String line) throws IOException {
    Files.write(
        folder.resolve(JOURNAL),
        (line + "\n").getBytes(StandardCharsets.UTF_8),
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  /** Ends what the journal names and removes the folder. */
  @Override
  public void close() {
    Leftovers.end(folder);
  }
}
