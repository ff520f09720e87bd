package dev.terrarium.engine.journal;

import dev.terrarium.engine.cgroup.CgroupFolder;
import dev.terrarium.engine.netlink.Netlink;
import dev.terrarium.engine.netlink.Rtnetlink;
import dev.terrarium.engine.posix.Posix;
import dev.terrarium.engine.syscall.Calls;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Finds and removes what engines left behind that did not end normally. Nothing else is touched.
 */
public final class Leftovers {
  private final StateFolder state;
  private final Path run;
  private final HostStub stub;
  private final List<String> removed = new ArrayList<>();

  private Leftovers(StateFolder state, Path run, HostStub stub) {
    this.state = state;
    this.run = run;
    this.stub = stub;
  }

  /**
   * Clears up after all engines of this state folder that are not alive any more.
   *
   * @return what was removed, one line each; a line that begins with "not removed" for what resists
   */
  public static List<String> sweep(StateFolder state) throws IOException {
    if (dead(state).isEmpty()) {
      return List.of();
    }
    // Two that start at once would stumble over each other.
    synchronized (Leftovers.class) {
      try (FileChannel file =
          FileChannel.open(
              state.path().resolve("sweep.lock"),
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE)) {
        FileLock lock = file.lock();
        try {
          List<String> removed = new ArrayList<>();
          for (Path run : dead(state)) {
            removed.addAll(end(state, run));
          }
          return removed;
        } finally {
          lock.release();
        }
      }
    }
  }

  private static List<Path> dead(StateFolder state) throws IOException {
    List<Path> dead = new ArrayList<>();
    if (Files.isDirectory(state.run())) {
      try (DirectoryStream<Path> runs = Files.newDirectoryStream(state.run())) {
        for (Path run : runs) {
          if (!ownerLives(run)) {
            dead.add(run);
          }
        }
      }
    }
    return dead;
  }

  /**
   * Folders are named PID-START, and -2, -3 if one process has several; a process of that number
   * that started at another time is not the owner.
   */
  private static boolean ownerLives(Path run) {
    String[] parts = run.getFileName().toString().split("-");
    if (parts.length < 2) {
      return false;
    }
    try {
      OptionalLong start = ProcFile.startTicks(Long.parseLong(parts[0]));
      return start.isPresent() && start.getAsLong() == Long.parseLong(parts[1]);
    } catch (NumberFormatException e) {
      return false;
    }
  }

  /** Removes all of one engine that is dead, or is just ending. */
  static List<String> end(StateFolder state, Path run) {
    try (HostStub stub = new HostStub(state)) {
      Leftovers leftovers = new Leftovers(state, run, stub);
      leftovers.end();
      return leftovers.removed;
    }
  }

  private void end() {
    boolean clean = true;
    try {
      Journal journal = Journal.read(run);
      for (Resource resource : journal.made()) {
        clean &= tried(resource.line(), () -> remove(resource));
      }
      for (String line : journal.unread()) {
        removed.add("not removed: " + run + " notes \"" + line + "\", which nobody here knows");
        clean = false;
      }
    } catch (IOException | RuntimeException e) {
      removed.add("not removed: " + run + ": " + e.getMessage());
      return;
    }
    // What is left must be found again: the folder with the journal goes last, or not at all.
    if (clean && Files.exists(run)) {
      tried("folder " + run, this::removeFolder);
    }
  }

  private interface Removal {
    void run() throws IOException;
  }

  private boolean tried(String what, Removal removal) {
    try {
      removal.run();
      return true;
    } catch (IOException | RuntimeException e) {
      removed.add("not removed: " + what + ": " + e.getMessage());
      return false;
    }
  }

  private void remove(Resource resource) throws IOException {
    switch (resource) {
      case Resource.Session session -> endSession(session);
      case Resource.Cgroup cgroup -> {
        if (Files.exists(cgroup.folder())) {
          CgroupFolder.remove(cgroup.folder());
          removed.add("cgroup " + cgroup.folder());
        }
      }
      case Resource.Link link -> removeLink(link);
      case Resource.Frozen frozen -> {
        if (Files.exists(frozen.file())) {
          Files.writeString(frozen.file(), frozen.thawed(), StandardOpenOption.WRITE);
          removed.add("standstill " + frozen.file());
        }
      }
    }
  }

  private void removeLink(Resource.Link link) throws IOException {
    // In whatever other namespace it was made, it ends with that.
    if (!link.namespace().equals(ProcFile.netNamespace())
        || !ProcFile.interfaces().contains(link.name())) {
      return;
    }
    try (Netlink kernel = Netlink.open(stub.calls(), Netlink.Family.ROUTE)) {
      kernel.change(Rtnetlink.delete(kernel.link(link.name())));
    } catch (RuntimeException e) {
      // The kernel is just removing it, with the namespace that its other end was in.
      if (ProcFile.interfaces().contains(link.name())) {
        throw e;
      }
    }
    removed.add("interface " + link.name());
  }

  /** What somebody wanted to keep is no leftover, even of an engine that was killed. */
  private void keepMarked() throws IOException {
    try (DirectoryStream<Path> containers = Files.newDirectoryStream(run, Files::isDirectory)) {
      for (Path container : containers) {
        if (Files.exists(container.resolve(Run.KEEP))) {
          Run.keep(state, container, container.getFileName().toString());
        }
      }
    }
  }

  private void removeFolder() throws IOException {
    for (String mountPoint : Mounts.below(run)) {
      stub.make(Calls.umount2(mountPoint, Calls.MNT_DETACH));
      removed.add("mount " + mountPoint);
    }
    keepMarked();
    Trees.remove(state, run);
    removed.add("folder " + run);
  }

  /**
   * A number stays reserved while a session of that number has members, so members of a session
   * whose leader is gone can only be ours; a leader that started at another time is someone else's.
   */
  private void endSession(Resource.Session session) {
    OptionalLong now = ProcFile.startTicks(session.leader());
    boolean there = now.isPresent() && now.getAsLong() == session.startTicks();
    // Killed before it could begin the session, it is not found by it.
    if (there && Posix.kill(session.leader(), Calls.SIGKILL)) {
      removed.add("process " + session.leader());
    }
    if (there || now.isEmpty()) {
      for (int pid : killSession(session.leader())) {
        if (pid != session.leader()) {
          removed.add("process " + pid);
        }
      }
    }
  }

  /**
   * Kills all members of a session that is ours, and of which no one else ends the members.
   *
   * @return who was killed
   */
  public static List<Integer> killSession(int leader) {
    List<Integer> killed = new ArrayList<>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[1-9]*")) {
      for (Path process : processes) {
        int pid = Integer.parseInt(process.getFileName().toString());
        OptionalLong session = ProcFile.session(pid);
        if (session.isPresent()
            && session.getAsLong() == leader
            && Posix.kill(pid, Calls.SIGKILL)) {
          killed.add(pid);
        }
      }
    } catch (IOException e) {
      // Without /proc there is nobody to be found.
    }
    return killed;
  }
}
