package dev.terrarium.engine.observe;

import dev.terrarium.engine.syscall.SyscallEvent;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds, for each change of the host, the recorded call that made it. Pure. */
public final class Causes {

  private static final Set<String> PROPAGATION =
      Set.of("MS_PRIVATE", "MS_SLAVE", "MS_SHARED", "MS_UNBINDABLE");

  private final List<Change> changes;
  private final Trace trace;

  private Causes(List<Change> changes, List<SyscallEvent> calls) {
    this.changes = changes;
    this.trace = new Trace(calls);
  }

  /**
   * The changes in their order, each with its cause.
   *
   * @param calls the trace, oldest first; calls that failed explain nothing
   */
  public static List<Caused> attribute(List<Change> changes, List<SyscallEvent> calls) {
    Causes causes = new Causes(changes, calls);
    return changes.stream().map(change -> new Caused(change, causes.of(change))).toList();
  }

  private Optional<SyscallEvent> of(Change change) {
    return switch (change) {
      case Change.ProcessBorn(ProcessInfo process) -> trace.bore(process.pid());
      case Change.ProcessEnded(ProcessInfo process) -> ended(process);
      case Change.ProcessExeced(ProcessInfo before, ProcessInfo after) -> trace.execed(after.pid());
      case Change.StateChanged(ProcessInfo before, ProcessInfo after) -> turned(after);
      case Change.NamespaceEntered(ProcessInfo process, Namespace from, Namespace to) ->
          trace.ledInto(to, process);
      case Change.NamespaceMade(Namespace namespace, ProcessInfo firstMember) ->
          trace.ledInto(namespace, firstMember);
      case Change.NamespaceGone(Namespace namespace) -> left(namespace);
      case Change.MountAdded(Namespace namespace, Mount mount) ->
          trace.mountedAt(mount.mountPoint(), call -> true);
      case Change.MountRemoved(Namespace namespace, Mount mount) ->
          trace.unmountedAt(mount.mountPoint()).or(trace::pivoted);
      case Change.MountChanged(Namespace namespace, Mount before, Mount after) ->
          changed(before, after);
      // What a program does with files is not the engine's doing.
      case Change.EntryAdded _, Change.EntryRemoved _, Change.EntryChanged _ -> Optional.empty();
    };
  }

  /**
   * A zombie goes when it is waited for. With process 1 of a pid namespace go all others in it,
   * whatever they were doing: the kernel kills them.
   */
  private Optional<SyscallEvent> ended(ProcessInfo process) {
    if (process.state() == 'Z') {
      return trace.reaped(process.pid()).or(() -> trace.ended(process.pid()));
    }
    return trace
        .ended(process.pid())
        .or(() -> firstOf(process).flatMap(first -> trace.ended(first.pid())))
        .or(() -> trace.reaped(process.pid()));
  }

  /** Process 1 of its pid namespace, if that ended as well. */
  private Optional<ProcessInfo> firstOf(ProcessInfo process) {
    long namespace = process.namespaces().pid();
    return changes.stream()
        .flatMap(change ->
            change instanceof Change.ProcessEnded(ProcessInfo ended)
                ? Optional.of(ended).stream()
                : Optional.<ProcessInfo>empty().stream())
        .filter(ended -> namespace != 0 && ended.namespaces().pid() == namespace)
        .filter(ended -> ended.innermostPid() == 1)
        .findFirst();
  }

  private Optional<SyscallEvent> turned(ProcessInfo after) {
    return switch (after.state()) {
      case 'Z', 'X' -> trace.ended(after.pid());
      case 'T', 't' -> trace.stopped(after.pid());
      default -> trace.continued(after.pid());
    };
  }

  /** A namespace goes with its last member: one that ended, became a zombie, or moved away. */
  private Optional<SyscallEvent> left(Namespace namespace) {
    for (Change change : changes) {
      Optional<SyscallEvent> by =
          switch (change) {
            case Change.ProcessEnded(ProcessInfo process) when isIn(namespace, process) ->
                ended(process);
            case Change.StateChanged(ProcessInfo before, ProcessInfo after)
                when isIn(namespace, before) && !isIn(namespace, after) ->
                turned(after);
            case Change.NamespaceEntered(ProcessInfo process, Namespace from, Namespace to)
                when from.equals(namespace) ->
                trace.ledInto(to, process);
            default -> Optional.empty();
          };
      if (by.isPresent()) {
        return by;
      }
    }
    return Optional.empty();
  }

  private static boolean isIn(Namespace namespace, ProcessInfo process) {
    return process.namespaces().inode(namespace.type()) == namespace.inode();
  }

  private Optional<SyscallEvent> changed(Mount before, Mount after) {
    if (!before.mountPoint().equals(after.mountPoint())) {
      return trace.pivoted();
    }
    if (!before.propagation().equals(after.propagation())) {
      return trace.mountFlagged(after.mountPoint(), PROPAGATION);
    }
    return trace.mountFlagged(after.mountPoint(), Set.of("MS_REMOUNT"));
  }
}
