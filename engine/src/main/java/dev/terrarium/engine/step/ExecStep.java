package dev.terrarium.engine.step;

import dev.terrarium.engine.cgroup.Cgroups;
import dev.terrarium.engine.cgroup.Delegation;
import dev.terrarium.engine.cgroup.Hierarchy;
import dev.terrarium.engine.fact.Fact;
import dev.terrarium.engine.spec.Stdio;
import dev.terrarium.engine.syscall.Bytes;
import dev.terrarium.engine.syscall.Calls;
import dev.terrarium.engine.syscall.SyscallException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * What a program needs that is brought into a running container, beyond what any program needs: the
 * files that it is to read and write are opened outside, where they have a path.
 */
public sealed interface ExecStep extends Step {

  /** Opens descriptors 0, 1 and 2 on the host, for a process that will go inside. */
  record OpenStdio(Stdio stdio) implements ExecStep {
    @Override
    public void perform(StepContext context) {
      switch (stdio) {
        case NULL -> open(context, "/dev/null");
        case TERMINAL -> open(context, context.terminal());
        case PIPES -> pipes(context);
        case LOG -> output(context);
      }
    }

    private static void open(StepContext context, String path) {
      context.make(Calls.close(0));
      // The lowest free descriptor is the one just closed.
      context.make(Calls.openat(path, Calls.O_RDWR | Calls.O_NOCTTY));
      context.make(Calls.dup3(0, 1));
      context.make(Calls.dup3(0, 2));
    }

    private static void output(StepContext context) {
      Bytes out = context.make(Calls.pipe2(Calls.O_CLOEXEC)).memory().getFirst();
      Bytes err = context.make(Calls.pipe2(Calls.O_CLOEXEC)).memory().getFirst();
      context.openOutput(out.intAt(0), err.intAt(0));
      open(context, "/dev/null");
      context.make(Calls.dup3(out.intAt(4), 1));
      context.make(Calls.dup3(err.intAt(4), 2));
      close(context, out, err);
    }

    private static void pipes(StepContext context) {
      Bytes in = context.make(Calls.pipe2(Calls.O_CLOEXEC)).memory().getFirst();
      Bytes out = context.make(Calls.pipe2(Calls.O_CLOEXEC)).memory().getFirst();
      Bytes err = context.make(Calls.pipe2(Calls.O_CLOEXEC)).memory().getFirst();
      context.openPipes(in.intAt(4), out.intAt(0), err.intAt(0));
      context.make(Calls.dup3(in.intAt(0), 0));
      context.make(Calls.dup3(out.intAt(4), 1));
      context.make(Calls.dup3(err.intAt(4), 2));
      close(context, in, out, err);
    }

    /**
     * This process becomes no program, so nothing closes them for it; and as long as anybody has
     * the other end of its input open, the program would wait for more.
     */
    private static void close(StepContext context, Bytes... pipes) {
      for (Bytes pipe : pipes) {
        context.make(Calls.close(pipe.intAt(0)));
        context.make(Calls.close(pipe.intAt(4)));
      }
    }

    @Override
    public String sentence() {
      return switch (stdio) {
        case NULL -> "Opens nothing as input and output, while the host's files can be named.";
        case TERMINAL -> "Opens a terminal as input and output, while it has a name: on the host.";
        case PIPES -> "Opens pipes to the engine as input and output.";
        case LOG -> "Opens pipes to the log as output, and nothing as input.";
      };
    }

    @Override
    public String byHand() {
      return switch (stdio) {
        case NULL -> "exec < /dev/null > /dev/null 2>&1";
        case TERMINAL -> "exec < /dev/pts/N > /dev/pts/N 2>&1";
        case PIPES -> "cat | sh | cat";
        case LOG -> "sh < /dev/null 2>&1 | cat > log";
      };
    }
  }

  /**
   * Not dumpable: nobody inside may trace this process, or open what it has open, before it is a
   * program like theirs. Without this, root inside could take hold of the engine's own pipes.
   * Source: PR_SET_DUMPABLE(2const), ptrace(2), "Ptrace access mode checking".
   */
  record ForbidTracing() implements ExecStep {
    @Override
    public void perform(StepContext context) {
      context.make(Calls.prctlDumpable(0));
    }

    @Override
    public String sentence() {
      return "Lets nobody inside trace this process on its way in.";
    }

    @Override
    public String byHand() {
      // A shell cannot.
      return "prctl(PR_SET_DUMPABLE, 0)";
    }
  }

  /**
   * Goes into the cgroups of the process that it joins, so that what limits that one limits this
   * one as well. Namespaces do not bring that about: cgroups(7).
   *
   * @param target a process on the host
   */
  record JoinCgroups(int target) implements ExecStep {
    @Override
    public void perform(StepContext context) {
      List<Hierarchy> here = Cgroups.find().hierarchies();
      List<Hierarchy> there = Cgroups.of(target).hierarchies();
      if (there.stream().anyMatch(Hierarchy::frozen)) {
        throw new IllegalStateException(
            "process %d is paused, and so would be whoever joins it: resume it first"
                .formatted(target));
      }
      for (Hierarchy hierarchy : there) {
        if (!here.contains(hierarchy)) {
          join(context, hierarchy.folder());
        }
      }
    }

    private static void join(StepContext context, Path folder) {
      try {
        context.changeOutside(folder.resolve("cgroup.procs"), Integer.toString(context.child()));
      } catch (SyscallException e) {
        // An ordinary user's session is often another one by now, which limits nothing.
        if (folder.toString().contains("/" + Delegation.TOP + "/")) {
          throw e;
        }
        context.tell(
            new Fact.LeftOut(
                Instant.now(),
                context.container(),
                "join-cgroups",
                "it stays out of cgroup %s: %s".formatted(folder, e.getMessage())));
      }
    }

    @Override
    public String sentence() {
      return "Goes into the cgroups of those inside, whose limits hold for it from now on.";
    }

    @Override
    public String byHand() {
      return "cut -d: -f3 /proc/%d/cgroup | while read c; do echo PID > /sys/fs/cgroup/$c/cgroup.procs; done"
          .formatted(target);
    }
  }

  /** A session of its own, and its terminal as the controlling one. */
  record BeginSession(Stdio stdio) implements ExecStep {
    @Override
    public void perform(StepContext context) {
      context.make(Calls.setsid());
      if (stdio == Stdio.TERMINAL) {
        context.make(Calls.ioctlTiocsctty(0));
      }
    }

    @Override
    public String sentence() {
      return stdio == Stdio.TERMINAL
          ? "Starts a session of its own on its terminal."
          : "Starts a session of its own.";
    }

    @Override
    public String byHand() {
      return stdio == Stdio.TERMINAL ? "setsid --ctty sh" : "setsid sh";
    }
  }
}
