package dev.terrarium.engine.container;

import dev.terrarium.engine.observe.NamespaceType;
import dev.terrarium.engine.observe.ProcessLinks;
import dev.terrarium.engine.step.NamespaceStep;
import dev.terrarium.engine.stub.Stub;
import dev.terrarium.engine.syscall.Calls;
import java.util.EnumSet;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A process of ours that goes into the world of a process that runs already: into any of its
 * namespaces, and with its mounts under its root.
 *
 * <pre>
 *   stub ──clone──▶ guide, on the host ──setns, chroot──▶ guide, inside ──clone──▶ visitor, a member of all
 *     ◀──────────────────────── leave, reaped ────────────────── ◀── exit or end as a program, reaped
 * </pre>
 *
 * Two processes, because none can change its own pid namespace, only that of its next children:
 * pid_namespaces(7). The stub itself stays what it was and goes back to its pool.
 *
 * <p>Between {@link #begin} and {@link #enter} the context's calls are made by the guide, on the
 * host, and the visitor inherits what they open: a terminal, say, which has no path inside.
 * Afterwards they are made by the visitor, inside, and {@code child()} is the visitor. It may
 * become a program: then {@link #reap} waits for that program's end.
 *
 * <p>Guide and visitor are killed with their stub: whoever changes the visitor's user ids has to
 * ask for that once more, because the kernel forgets it then (PR_SET_PDEATHSIG(2const)).
 *
 * <p>Not thread-safe; but while one thread waits in {@link #reap}, others may send signals to the
 * visitor.
 */
final class Visit implements AutoCloseable {
  private final Stub stub;
  private final LiveStepContext context;
  private final int guide;
  private OptionalInt visitor = OptionalInt.empty();
  private boolean amongUsers;
  private boolean over;

  private Visit(Stub stub, LiveStepContext context) {
    this.stub = stub;
    this.context = context;
    context.cloneChild(0);
    this.guide = context.child();
  }

  /**
   * Clones the guide.
   *
   * @param stub an idle one; it is idle again when the visit is closed
   * @param context that makes its calls through this stub
   */
  static Visit begin(Stub stub, LiveStepContext context) {
    return new Visit(stub, context);
  }

  /**
   * Goes into the user namespace of that process alone, if it has one of its own, with a copy of
   * the host's mounts: who is root there may take a part of them along, and nobody else may.
   */
  void enterUsers(int target) {
    if (ProcessLinks.apart(target, EnumSet.of(NamespaceType.USER)).isEmpty()) {
      return;
    }
    int pidfd = (int) context.make(Calls.pidfdOpen(target)).result();
    context.make(Calls.setns(pidfd, NamespaceType.USER.cloneFlag()));
    context.make(Calls.unshare(NamespaceType.MNT.cloneFlag()));
    amongUsers = true;
  }

  /**
   * Goes where that process is, and clones the visitor there.
   *
   * @param target a process id on the host
   * @param wanted of its namespaces; those that the engine is in as well need no entering. Its root
   *     comes with its mounts
   */
  void enter(int target, Set<NamespaceType> wanted) {
    Set<NamespaceType> left = EnumSet.copyOf(wanted);
    if (amongUsers) {
      left.remove(NamespaceType.USER);
    }
    new NamespaceStep.Join(target, left).perform(context);
    context.cloneChild(0);
    visitor = OptionalInt.of(context.child());
    context.make(Calls.prctlPdeathsig(Calls.SIGKILL));
  }

  /** What steps are made with: by the guide first, by the visitor once it is there. */
  LiveStepContext context() {
    return context;
  }

  /**
   * Waits for the end of the visitor, which must have become a program or have been told to leave,
   * and ends the visit.
   *
   * @return the status word of wait4(2)
   */
  int reap() {
    int status = stub.reap(visitor.orElseThrow());
    over = true;
    stub.leave(0);
    stub.reap(guide);
    return status;
  }

  /** Lets the visitor exit with that status, and ends the visit. */
  void leave(int status) {
    stub.leave(status);
    reap();
  }

  /** Ends the visit wherever it is: what became of the visitor is killed. Idempotent. */
  @Override
  public void close() {
    if (over) {
      return;
    }
    over = true;
    try {
      if (visitor.isPresent()) {
        int pid = visitor.getAsInt();
        if (stub.caller() == pid) {
          stub.leave(1);
        } else {
          ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        }
        stub.reap(pid);
      }
      if (stub.caller() == guide) {
        stub.leave(1);
      }
      stub.reap(guide);
    } catch (RuntimeException e) {
      // With the stub end guide and visitor.
      stub.close();
    }
  }
}
