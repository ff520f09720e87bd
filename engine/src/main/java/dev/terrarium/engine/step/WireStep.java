package dev.terrarium.engine.step;

import dev.terrarium.engine.fact.Fact;
import dev.terrarium.engine.host.Diagnosis;
import dev.terrarium.engine.seccomp.Filter;
import dev.terrarium.engine.seccomp.WatchList;
import dev.terrarium.engine.syscall.Arch;
import dev.terrarium.engine.syscall.Bytes;
import dev.terrarium.engine.syscall.Calls;
import dev.terrarium.engine.syscall.GuardCalls;
import dev.terrarium.engine.syscall.SocketCalls;
import dev.terrarium.engine.syscall.SyscallException;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * That the engine hears what calls a program makes. Where it cannot, the container goes on without.
 *
 * <pre>
 *   child                                   engine
 *     | socketpair(sv) ---------------------> | pidfd_getfd(sv[0])          may it?  then, and only then:
 *     | seccomp(NEW_LISTENER) = listener      |
 *     | sendmsg(sv[1], SCM_RIGHTS listener) ->| recvmsg = listener          answers from now on
 *     | close, close                          |
 *     | execve("sh") - - - - - - - - - - - -> | go on
 * </pre>
 *
 * By a socket, because a program on its way into a running container lets nobody take anything of
 * it: {@link ExecStep.ForbidTracing}. And the socket first, because a filter that asks and has no
 * listener would refuse the container every call on its list.
 */
public sealed interface WireStep extends Step {

  /** A line to the engine, by which a descriptor can be sent: socketpair(2), pidfd_getfd(2). */
  record OpenLine() implements WireStep {
    @Override
    public void perform(StepContext context) {
      Bytes ends = context.make(SocketCalls.socketpair()).memory().getFirst();
      Optional<String> refused = context.openLine(ends.intAt(0), ends.intAt(4));
      context.make(Calls.close(ends.intAt(0)));
      if (refused.isPresent()) {
        context.make(Calls.close(ends.intAt(4)));
        leftOut(this, context, refused.get());
      }
    }

    @Override
    public String sentence() {
      return "Opens a line to the engine, by which it can be handed an open file.";
    }

    @Override
    public String byHand() {
      // A shell cannot.
      return "socketpair(AF_UNIX, SOCK_SEQPACKET, 0, sv); pidfd_getfd(pidfd, sv[0], 0)";
    }
  }

  /**
   * The second filter, which refuses nothing: it makes the caller of a call on the {@link
   * WatchList} wait until the engine has heard of it. Comes after the deny list: what that refuses,
   * the kernel refuses without asking. Until the engine has received a call, a signal whose handler
   * does not ask for calls to be restarted makes it fail with EINTR: seccomp_unotify(2).
   */
  record ListenToCalls() implements WireStep {
    @Override
    public void perform(StepContext context) {
      OptionalInt line = context.line();
      if (line.isEmpty()) {
        return;
      }
      OptionalInt listener = OptionalInt.empty();
      try {
        listener = OptionalInt.of(install(context, WatchList.filter(Arch.host())));
        context.make(SocketCalls.sendDescriptor(line.getAsInt(), listener.getAsInt()));
        context.make(Calls.close(listener.getAsInt()));
      } catch (SyscallException e) {
        if (listener.isPresent()) {
          throw e;
        }
        leftOut(this, context, e.getMessage() + ": " + Diagnosis.of(e));
      }
      context.make(Calls.close(line.getAsInt()));
      if (listener.isPresent()) {
        context.listen();
      }
    }

    /** The listener's descriptor. */
    private static int install(StepContext context, Filter filter) {
      long flags = GuardCalls.SECCOMP_FILTER_FLAG_NEW_LISTENER;
      try {
        // Or a caller that gets many signals would ask again after each: seccomp(2).
        return install(context, filter, flags | GuardCalls.SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV);
      } catch (SyscallException e) {
        // Linux 5.19 knows it.
        if (!e.errno().name().equals("EINVAL")) {
          throw e;
        }
        return install(context, filter, flags);
      }
    }

    private static int install(StepContext context, Filter filter, long flags) {
      return (int)
          context
              .make(GuardCalls.seccompSetFilter(flags, filter.bytes(), filter.length()))
              .result();
    }

    @Override
    public String sentence() {
      return "Has the kernel tell the engine of %d system calls before they are made; it lets them all go on."
          .formatted(WatchList.entries().size());
    }

    @Override
    public String byHand() {
      return "strace -f --seccomp-bpf -e trace=%s sh"
          .formatted(
              WatchList.entries().stream()
                  .map(WatchList.Entry::name)
                  .collect(Collectors.joining(",")));
    }
  }

  private static void leftOut(Step step, StepContext context, String why) {
    context.tell(new Fact.LeftOut(Instant.now(), context.container(), step.id(), why));
  }
}
