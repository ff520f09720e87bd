package dev.terrarium.engine.observe;

import dev.terrarium.engine.observe.Layers.Entry;
import dev.terrarium.engine.observe.Layers.Role;

/** One thing that is different between two snapshots: a line of the "kernel delta". */
public sealed interface Change {

  /** A process that was not there before. */
  record ProcessBorn(ProcessInfo process) implements Change {}

  /** A process that is gone. */
  record ProcessEnded(ProcessInfo process) implements Change {}

  /** A process that kept its number and became another program: execve(2). */
  record ProcessExeced(ProcessInfo before, ProcessInfo after) implements Change {}

  /** A process whose state letter changed to or from T (stopped) or Z (zombie). */
  record StateChanged(ProcessInfo before, ProcessInfo after) implements Change {}

  /** A process that moved into another namespace: unshare(2) or setns(2). */
  record NamespaceEntered(ProcessInfo process, Namespace from, Namespace to) implements Change {}

  /** A namespace that no process was in before. */
  record NamespaceMade(Namespace namespace, ProcessInfo firstMember) implements Change {}

  /** A namespace whose last process is gone. */
  record NamespaceGone(Namespace namespace) implements Change {}

  /** A mount in a mount namespace that existed before without it. */
  record MountAdded(Namespace namespace, Mount mount) implements Change {}

  /** A mount that is gone from a mount namespace that still exists. */
  record MountRemoved(Namespace namespace, Mount mount) implements Change {}

  /**
   * A mount that stayed and is at another place (pivot_root(2) changes what {@code /} is) or has
   * other options or another propagation.
   */
  record MountChanged(Namespace namespace, Mount before, Mount after) implements Change {}

  /** A path that a layer did not have before; a whiteout is one, too. */
  record EntryAdded(Role layer, Entry entry) implements Change {}

  /** A path that is gone from a layer. */
  record EntryRemoved(Role layer, Entry entry) implements Change {}

  /** A path of a layer at which something else is now, or the same with another content. */
  record EntryChanged(Role layer, Entry before, Entry after) implements Change {}
}
