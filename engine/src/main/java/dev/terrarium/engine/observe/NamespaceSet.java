package dev.terrarium.engine.observe;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The eight namespaces of one process, by inode number. Zero means that the link could not be read
 * (another user's process, seen without CAP_SYS_PTRACE) or that this kernel has no such namespace.
 */
public record NamespaceSet(
    long pid, long mnt, long uts, long ipc, long net, long user, long cgroup, long time) {

  /** What a process shows to someone who may not look: nothing. */
  public static final NamespaceSet UNREADABLE = new NamespaceSet(0, 0, 0, 0, 0, 0, 0, 0);

  /** The inode number of one kind; zero if it could not be read. */
  public long inode(NamespaceType type) {
    return switch (type) {
      case PID -> pid;
      case MNT -> mnt;
      case UTS -> uts;
      case IPC -> ipc;
      case NET -> net;
      case USER -> user;
      case CGROUP -> cgroup;
      case TIME -> time;
    };
  }

  /** The namespace of one kind, if it could be read. */
  public Optional<Namespace> get(NamespaceType type) {
    long inode = inode(type);
    return inode == 0 ? Optional.empty() : Optional.of(new Namespace(type, inode));
  }

  /** All that could be read, in the order of {@link NamespaceType}. */
  public List<Namespace> readable() {
    List<Namespace> all = new ArrayList<>(8);
    for (NamespaceType type : NamespaceType.values()) {
      get(type).ifPresent(all::add);
    }
    return all;
  }
}
