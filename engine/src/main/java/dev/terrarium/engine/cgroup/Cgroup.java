package dev.terrarium.engine.cgroup;

import dev.terrarium.engine.spec.Limits;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * One container's cgroup, made or not: {@code terrarium/RUN/NAME}, in however many hierarchies.
 *
 * @param path below what was delegated
 */
public record Cgroup(Driver driver, String path) {

  private static final long FREEZE_LIMIT_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** That of a container. */
  public static Cgroup of(Driver driver, String run, String container) {
    return new Cgroup(driver, Delegation.TOP + "/" + run + "/" + container);
  }

  /** Its folder in each hierarchy. */
  public List<Path> folders() {
    return driver.folders(path);
  }

  /** The folders of the cgroup above, in which all of this engine's are. */
  public List<Path> runFolders() {
    return driver.folders(parent());
  }

  private String parent() {
    return path.substring(0, path.lastIndexOf('/'));
  }

  /** Makes the cgroups above it, those that are shared with other engines first. */
  public List<Edit> makeParents() {
    return Stream.concat(
            driver.makeInner(Delegation.TOP).stream(), driver.makeInner(parent()).stream())
        .toList();
  }

  /** Makes it, with those limits. */
  public List<Edit> make(Limits limits) {
    return Stream.concat(driver.makeLeaf(path).stream(), limit(Limits.NONE, limits).stream())
        .toList();
  }

  public List<Edit> enter(int pid) {
    return driver.enter(path, pid);
  }

  public List<Edit> limit(Limits from, Limits to) {
    return driver.limit(path, from, to);
  }

  /**
   * Stops its processes, or lets them go on.
   *
   * @throws IllegalStateException if this host cannot
   */
  public Edit freeze(boolean frozen) {
    return driver
        .freeze(path, frozen)
        .orElseThrow(() ->
            new IllegalStateException(
                "nothing can be paused, no hierarchy has the freezer controller: "
                    + Remedy.noHierarchy("freezer")));
  }

  /**
   * What was killed while it was frozen can die only when it goes on; where nothing is frozen,
   * nothing is done.
   */
  public void letDie() {
    if (driver.freeze(path, false).orElse(null) instanceof Edit.Write thaw && thaw.needed()) {
      try {
        Files.writeString(thaw.file(), thaw.value(), StandardOpenOption.WRITE);
      } catch (IOException e) {
        // Gone already, or never made.
      }
    }
  }

  /**
   * Waits until every process has stopped. Version 1 tells only who asks.
   *
   * @throws IllegalStateException if one has not after some seconds, because it sleeps in the
   *     kernel and cannot be disturbed
   */
  public void awaitFrozen() {
    long deadline = System.nanoTime() + FREEZE_LIMIT_NANOS;
    while (!driver.frozen(path)) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "cgroup %s is not frozen yet: a process in it (state D in ps) waits in the kernel"
                .formatted(path));
      }
      LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(100));
    }
  }

  /**
   * Stops its processes, whoever's they are, and waits for the last one.
   *
   * @throws IOException if this process may not
   */
  public void pause() throws IOException {
    write(freeze(true));
    awaitFrozen();
  }

  /** Lets them go on. */
  public void resume() throws IOException {
    write(freeze(false));
  }

  private static void write(Edit edit) throws IOException {
    if (edit instanceof Edit.Write write) {
      Files.writeString(write.file(), write.value(), StandardOpenOption.WRITE);
    }
  }

  /** Whether every process in it is stopped. */
  public boolean frozen() {
    return driver.frozen(path);
  }

  /** What it has used, read now. */
  public CgroupUsage usage() {
    return driver.usage(path);
  }

  /** Its processes on the host, those of cgroups below it included; none if it is gone. */
  public List<Integer> members() {
    try {
      return CgroupFolder.membersBelow(folders().getFirst());
    } catch (IOException e) {
      return List.of();
    }
  }

  /** What limits it, and those below it, read now. */
  public CgroupTree tree() {
    return CgroupTree.read(driver, path);
  }

  /** What its files hold, as they are, by their paths: those that can be read. */
  public Map<Path, String> files() {
    Map<Path, String> files = new TreeMap<>();
    for (Path folder : folders()) {
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, Files::isRegularFile)) {
        for (Path file : entries) {
          CgroupFile.text(file).ifPresent(text -> files.put(file, text));
        }
      } catch (IOException e) {
        // Not made yet, or gone: it has no files.
      }
    }
    return files;
  }

  /**
   * Kills whoever is in it, and removes it.
   *
   * @throws IOException if something resists
   */
  public void remove() throws IOException {
    List<Path> lastFirst = new ArrayList<>(folders()).reversed();
    for (Path folder : lastFirst) {
      CgroupFolder.remove(folder);
    }
  }
}
