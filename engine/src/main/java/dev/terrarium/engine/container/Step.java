package dev.terrarium.engine.container;

import dev.terrarium.engine.observe.NamespaceType;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * One step of a container's plan. A closed family: a new ability is a new record here, and the
 * compiler lists what it must touch.
 */
public sealed interface Step {

  /** A new process in new namespaces: clone(2). */
  record Clone(Set<NamespaceType> namespaces) implements Step {
    public Clone {
      namespaces = Set.copyOf(namespaces);
    }
  }

  /** Who the new user namespace's root is outside: user_namespaces(7), uid_map and gid_map. */
  record MapIds(int uid, int gid) implements Step {}

  /** Dies when its creator dies: PR_SET_PDEATHSIG. */
  record DieWithEngine() implements Step {}

  /** Connects descriptors 0, 1 and 2. */
  record ConnectStdio(ContainerSpec.Stdio stdio) implements Step {}

  /**
   * Stops mounts from travelling between this mount namespace and the host's: MS_REC|MS_PRIVATE.
   */
  record MakeMountsPrivate() implements Step {}

  /** Read-only layers below, a writable one on top, one tree: overlayfs. Top layer first. */
  record MountOverlay(List<Path> lower, Path upper, Path work, Path target) implements Step {
    public MountOverlay {
      lower = List.copyOf(lower);
    }
  }

  /** The host's /proc, bound into the new root. */
  record BindHostProc(Path target) implements Step {}

  /** A new procfs of the own pid namespace at a path as the container sees it at that moment. */
  record MountProc(Path target) implements Step {}

  /** Makes a mount the root and lets go of the old root: pivot_root(2). */
  record PivotRoot(Path newRoot) implements Step {}

  /** The host name of the new uts namespace: sethostname(2). */
  record SetHostname(String hostname) implements Step {}

  /** chdir(2). */
  record ChangeDirectory(String path) implements Step {}

  /** Becomes the program: execve(2). */
  record Exec(List<String> argv, List<String> env) implements Step {
    public Exec {
      argv = List.copyOf(argv);
      env = List.copyOf(env);
    }
  }

  /** Its stable name: the record's, in lower case with dashes, such as {@code mount-overlay}. */
  default String id() {
    return getClass()
        .getSimpleName()
        .replaceAll("(?<=[a-z])(?=[A-Z])", "-")
        .toLowerCase(java.util.Locale.ROOT);
  }
}
