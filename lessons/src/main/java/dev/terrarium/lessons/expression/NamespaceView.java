package dev.terrarium.lessons.expression;

import dev.terrarium.engine.observe.NamespaceSet;

/** The eight namespaces of a process as expressions see them: inode numbers, 0 if not readable. */
public record NamespaceView(
    long pid, long mnt, long uts, long ipc, long net, long user, long cgroup, long time) {

  static NamespaceView of(NamespaceSet set) {
    return new NamespaceView(
        set.pid(),
        set.mnt(),
        set.uts(),
        set.ipc(),
        set.net(),
        set.user(),
        set.cgroup(),
        set.time());
  }
}
