package dev.terrarium.engine.step;

import dev.terrarium.engine.capability.Capability;
import dev.terrarium.engine.capability.CapabilitySet;
import dev.terrarium.engine.capability.ProcessCapabilities;
import dev.terrarium.engine.seccomp.DenyList;
import dev.terrarium.engine.seccomp.Filter;
import dev.terrarium.engine.spec.Hardening.Rlimit;
import dev.terrarium.engine.spec.Program.User;
import dev.terrarium.engine.syscall.Arch;
import dev.terrarium.engine.syscall.Calls;
import dev.terrarium.engine.syscall.GuardCalls;
import dev.terrarium.engine.syscall.ResourceLimit;
import dev.terrarium.engine.syscall.SyscallException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What the process gives up, for good, before it becomes a program that nobody trusts. */
public sealed interface HardeningStep extends Step {

  /** No descriptor but 0, 1 and 2 reaches the program: close_range(2). */
  record CloseDescriptors() implements HardeningStep {
    @Override
    public void perform(StepContext context) {
      context.make(GuardCalls.closeOnExecFrom(3));
    }

    @Override
    public String sentence() {
      return "Has every open file beyond input, output and error closed when the program begins.";
    }

    @Override
    public String byHand() {
      return "for fd in $(ls /proc/self/fd); do [ $fd -gt 2 ] && eval \"exec $fd>&-\"; done";
    }
  }

  /**
   * Whom the kernel kills first when memory runs out, -1000 for never to 1000:
   * proc_pid_oom_score_adj(5). To become a less likely victim needs CAP_SYS_RESOURCE.
   */
  record AdjustOomScore(int score) implements HardeningStep {
    @Override
    public void perform(StepContext context) {
      Path file = Path.of("/proc", Integer.toString(context.child()), "oom_score_adj");
      try {
        context.writeOutside(file, Integer.toString(score));
      } catch (UncheckedIOException e) {
        throw new UncheckedIOException(
            "to be spared more than the engine itself needs CAP_SYS_RESOURCE; give a higher score than "
                + score,
            e.getCause());
      }
    }

    @Override
    public String sentence() {
      return "Makes it a %s victim when the host runs out of memory."
          .formatted(score > 0 ? "likelier" : "less likely");
    }

    @Override
    public String byHand() {
      return "choom -n " + score + " -p PID";
    }
  }

  /** execve(2) of a set-user-ID program gives nothing any more: PR_SET_NO_NEW_PRIVS(2const). */
  record ForbidNewPrivileges() implements HardeningStep {
    @Override
    public void perform(StepContext context) {
      context.make(GuardCalls.prctlNoNewPrivs());
    }

    @Override
    public String sentence() {
      return "Promises never to gain a right by running a program, not even a set-user-ID one.";
    }

    @Override
    public String byHand() {
      return "setpriv --no-new-privs sh";
    }
  }

  /**
   * Calls that a container has no business with are refused before the kernel looks at them:
   * seccomp(2), {@link DenyList}.
   */
  record RefuseCalls(CapabilitySet kept) implements HardeningStep {
    @Override
    public void perform(StepContext context) {
      Filter filter = DenyList.filter(Arch.host(), kept);
      context.make(GuardCalls.seccompSetFilter(0, filter.bytes(), filter.length()));
    }

    @Override
    public String sentence() {
      return "Has %d system calls refused from now on, whoever asks."
          .formatted(DenyList.entries(kept).size());
    }

    @Override
    public String byHand() {
      return "systemd-run --pty --property='SystemCallFilter=~%s' sh"
          .formatted(
              DenyList.entries(kept).stream()
                  .map(DenyList.Entry::name)
                  .collect(Collectors.joining(" ")));
    }
  }

  /** prlimit(2). To raise a hard limit needs CAP_SYS_RESOURCE on the host. */
  record LimitResource(ResourceLimit resource, Rlimit limit) implements HardeningStep {
    @Override
    public void perform(StepContext context) {
      context.make(GuardCalls.prlimit(resource, limit.soft(), limit.hard()));
    }

    @Override
    public String sentence() {
      return "Limits %s to %s; the process itself may raise that to %s."
          .formatted(resource, most(limit.soft()), most(limit.hard()));
    }

    @Override
    public String byHand() {
      return "prlimit --%s=%s:%s sh"
          .formatted(resource.option(), most(limit.soft()), most(limit.hard()));
    }

    private static String most(long limit) {
      return limit == Rlimit.UNLIMITED ? "unlimited" : Long.toString(limit);
    }
  }

  /** What no execve(2) can give back, whatever the program's file says: PR_CAPBSET_DROP(2const). */
  record DropBoundingSet(CapabilitySet keep) implements HardeningStep {
    @Override
    public void perform(StepContext context) {
      context.makeAll(
          IntStream.rangeClosed(0, Capability.lastOfKernel())
              .filter(number -> !keep.has(number))
              .mapToObj(GuardCalls::prctlCapbsetDrop)
              .toList());
    }

    @Override
    public String sentence() {
      return keep.isEmpty()
          ? "Leaves no capability that a program could ever get."
          : "Leaves %d capabilities that a program could ever get.".formatted(keep.names().size());
    }

    @Override
    public String byHand() {
      return "setpriv --bounding-set=-all" + setprivNames(keep) + " sh";
    }

    private static String setprivNames(CapabilitySet set) {
      return set.names().stream()
          .map(name -> ",+" + name.substring("CAP_".length()).toLowerCase(Locale.ROOT))
          .collect(Collectors.joining());
    }
  }

  /**
   * Makes input, output and error the user's own, so that it can open {@code /dev/stderr} and the
   * like: fchown(2). Where the kernel refuses, it is no worse off than with somebody else's
   * terminal.
   */
  record HandOverStdio(int uid) implements HardeningStep {
    @Override
    public void perform(StepContext context) {
      for (int descriptor = 0; descriptor <= 2; descriptor++) {
        try {
          context.make(GuardCalls.fchown(descriptor, uid, -1));
        } catch (SyscallException e) {
          // A terminal of the host's belongs to a group that may have no number inside: EPERM.
          if (!e.errno().name().equals("EPERM") && !e.errno().name().equals("EINVAL")) {
            throw e;
          }
        }
      }
    }

    @Override
    public String sentence() {
      return "Gives input, output and error to user %d.".formatted(uid);
    }

    @Override
    public String byHand() {
      return "chown %d /proc/self/fd/0 /proc/self/fd/1 /proc/self/fd/2".formatted(uid);
    }
  }

  /**
   * setgroups(2), setresgid(2), setresuid(2), in the only order that works: each needs what the
   * last one takes away. Who was root and is not any more has no capability left.
   */
  record ChangeUser(User user) implements HardeningStep {
    @Override
    public void perform(StepContext context) {
      context.make(GuardCalls.setgroups(user.groups()));
      context.make(GuardCalls.setresgid(user.gid()));
      context.make(GuardCalls.setresuid(user.uid()));
      if (user.uid() != 0 || user.gid() != 0) {
        // The kernel has just forgotten it: PR_SET_PDEATHSIG(2const).
        context.make(Calls.prctlPdeathsig(Calls.SIGKILL));
      }
    }

    @Override
    public String sentence() {
      return user.uid() == 0
          ? "Stays root, in %s only.".formatted(groups())
          : "Becomes user %d in %s, and with root's number loses root's capabilities."
              .formatted(user.uid(), groups());
    }

    private String groups() {
      return user.groups().isEmpty()
          ? "group " + user.gid()
          : "groups %d and %s".formatted(user.gid(), listed());
    }

    @Override
    public String byHand() {
      return "setpriv --reuid=%d --regid=%d %s sh"
          .formatted(
              user.uid(),
              user.gid(),
              user.groups().isEmpty() ? "--clear-groups" : "--groups=" + listed());
    }

    private String listed() {
      return user.groups().stream().map(String::valueOf).collect(Collectors.joining(","));
    }
  }

  /**
   * What the process itself may do now: capset(2). Effective and permitted are what is kept and
   * there; nothing is inheritable, and so nothing ambient.
   */
  record LimitCapabilities(CapabilitySet keep) implements HardeningStep {
    @Override
    public void perform(StepContext context) {
      CapabilitySet kept = keep.and(permitted(context.child()));
      context.make(GuardCalls.capset(kept, kept, CapabilitySet.NONE));
    }

    private static CapabilitySet permitted(int pid) {
      try {
        return ProcessCapabilities.of(pid).permitted();
      } catch (IOException e) {
        throw new UncheckedIOException("cannot read the capabilities of process " + pid, e);
      }
    }

    @Override
    public String sentence() {
      return "Gives up all capabilities but those; that it is still root does not bring them back.";
    }

    @Override
    public String byHand() {
      return "capsh --caps='%s' --".formatted(capshText());
    }

    private String capshText() {
      return keep.isEmpty()
          ? "="
          : keep.names().stream()
              .map(name -> name.toLowerCase(Locale.ROOT))
              .collect(Collectors.joining(",", "", "=ep"));
    }
  }
}
