package dev.terrarium.engine.step;

import dev.terrarium.engine.syscall.Calls;
import dev.terrarium.engine.syscall.FileCalls;
import dev.terrarium.engine.syscall.Outcome;
import dev.terrarium.engine.syscall.SyscallException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The root that is to be, with paths looked up as they will be once the container is in there: a
 * link of the image, absolute or with {@code ..}, leads to somewhere else in the image and never to
 * the host. The kernel does the looking up, in one call, so that nobody can change the path between
 * a check and its use. Source: openat2(2), RESOLVE_IN_ROOT.
 */
final class NewRoot {
  /** As many as the kernel itself follows. Source: path_resolution(7). */
  private static final int MOST_LINKS = 40;

  private final StepContext context;
  private final int root;

  /** Descriptors are left to close themselves at exec. */
  NewRoot(StepContext context, Path root) {
    this.context = context;
    this.root = (int) context.make(FileCalls.openPath(root.toString())).result();
  }

  /** A descriptor of what is at that path now. */
  int find(String path) {
    long flags = FileCalls.O_PATH | Calls.O_CLOEXEC;
    return (int)
        context.make(FileCalls.openat2(root, path, flags, FileCalls.RESOLVE_IN_ROOT)).result();
  }

  /** The same, making an empty folder or file, and the folders on the way, if there is nothing. */
  int findOrMake(String path, boolean folder) {
    return findOrMake(path, folder, MOST_LINKS);
  }

  private int findOrMake(String path, boolean folder, int linksLeft) {
    try {
      return find(path);
    } catch (SyscallException e) {
      if (!e.errno().name().equals("ENOENT") || linksLeft == 0) {
        throw e;
      }
    }
    int slash = path.lastIndexOf('/');
    String parentPath = slash <= 0 ? "/" : path.substring(0, slash);
    String name = path.substring(slash + 1);
    int parent = findOrMake(parentPath, true, linksLeft);
    boolean nameIsNew = !name.isEmpty() && !name.equals(".") && !name.equals("..");
    if (nameIsNew && !make(parent, name, folder)) {
      // A link that leads to what is not there yet: that is what is wanted.
      String link = linkAt(parent, name);
      String target = link.startsWith("/") ? link : parentPath + "/" + link;
      return findOrMake(target, folder, linksLeft - 1);
    }
    return find(path);
  }

  /**
   * Makes it.
   *
   * @return false if the name is taken
   */
  private boolean make(int parent, String name, boolean folder) {
    try {
      context.make(
          folder ? FileCalls.mkdirat(parent, name, 0755) : FileCalls.mknodat(parent, name, 0644));
      return true;
    } catch (SyscallException e) {
      if (e.errno().name().equals("EEXIST")) {
        return false;
      }
      throw e;
    }
  }

  private String linkAt(int parent, String name) {
    Outcome link = context.make(FileCalls.readlinkat(parent, name));
    return new String(
        link.memory().getFirst().toArray(), 0, (int) link.result(), StandardCharsets.UTF_8);
  }

  /** Where a descriptor points to, as a path in this root, without any link. */
  String pathOf(int descriptor) {
    String onHost = linkAt(FileCalls.AT_FDCWD, "/proc/self/fd/" + descriptor);
    String top = linkAt(FileCalls.AT_FDCWD, "/proc/self/fd/" + root);
    return onHost.startsWith(top) ? onHost.substring(top.length()) : onHost;
  }
}
