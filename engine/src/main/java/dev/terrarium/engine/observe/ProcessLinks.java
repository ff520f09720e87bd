package dev.terrarium.engine.observe;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Where a process is, by its links under {@code /proc/PID}. Source: proc_pid_ns(5),
 * proc_pid_root(5).
 */
public final class ProcessLinks {
  private ProcessLinks() {}

  /**
   * Those of the types in which that process is not in this one's namespace; one that may not be
   * looked at counts as another.
   */
  public static Set<NamespaceType> apart(int pid, Set<NamespaceType> types) {
    Set<NamespaceType> apart = EnumSet.noneOf(NamespaceType.class);
    for (NamespaceType type : types) {
      Optional<Path> link = namespace(pid, type);
      if (link.isEmpty() || !link.equals(link("self", "ns/" + type.procName()))) {
        apart.add(type);
      }
    }
    return apart;
  }

  /** Seen from outside, the root of a mount namespace is called {@code /} and a chroot is not. */
  public static boolean chrooted(int pid) {
    return link(Integer.toString(pid), "root")
        .filter(root -> !root.equals(Path.of("/")))
        .isPresent();
  }

  /** Such as {@code net:[4026531840]}; empty if it may not be looked at. */
  public static Optional<Path> namespace(int pid, NamespaceType type) {
    return link(Integer.toString(pid), "ns/" + type.procName());
  }

  /** All eight; zero where one may not be looked at. */
  public static NamespaceSet namespaces(int pid) {
    return new NamespaceSet(
        inode(pid, NamespaceType.PID),
        inode(pid, NamespaceType.MNT),
        inode(pid, NamespaceType.UTS),
        inode(pid, NamespaceType.IPC),
        inode(pid, NamespaceType.NET),
        inode(pid, NamespaceType.USER),
        inode(pid, NamespaceType.CGROUP),
        inode(pid, NamespaceType.TIME));
  }

  private static long inode(int pid, NamespaceType type) {
    return namespace(pid, type).map(link -> inode(link.toString())).orElse(0L);
  }

  /** The number in {@code net:[4026531840]}. */
  public static long inode(String link) {
    byte[] bytes = link.getBytes(StandardCharsets.US_ASCII);
    return ProcText.inode(bytes, bytes.length);
  }

  private static Optional<Path> link(String process, String name) {
    try {
      return Optional.of(Files.readSymbolicLink(Path.of("/proc", process, name)));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
