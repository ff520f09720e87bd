package dev.terrarium.engine.step;

import dev.terrarium.engine.observe.NamespaceType;
import dev.terrarium.engine.spec.Stdio;
import dev.terrarium.engine.syscall.Bytes;
import dev.terrarium.engine.syscall.Calls;
import dev.terrarium.engine.syscall.SyscallException;
import java.util.List;
import java.util.Set;

/** The process itself: its birth, its descriptors, its end as another program. */
public sealed interface ProcessStep extends Step {

  /** A new process in new namespaces: clone(2). */
  record Clone(Set<NamespaceType> namespaces) implements ProcessStep {
    public Clone {
      namespaces = Set.copyOf(namespaces);
    }

    @Override
    public void perform(StepContext context) {
      context.cloneChild(namespaces.stream().mapToLong(NamespaceType::cloneFlag).sum());
    }

    @Override
    public String sentence() {
      if (namespaces.isEmpty()) {
        return "Makes a new process that shares every namespace with its creator.";
      }
      return "Makes a new process in new namespaces: "
          + NamespaceStep.names(namespaces, ", ")
          + ".";
    }

    @Override
    public String byHand() {
      return "unshare --fork " + NamespaceStep.options(namespaces) + " sh";
    }
  }

  /**
   * A process that goes ahead, to where the container's first process must be born: none can change
   * its own pid namespace, and what is entered for good is not entered by those who stay.
   */
  record CloneGuide() implements ProcessStep {
    @Override
    public void perform(StepContext context) {
      context.cloneGuide();
      context.make(Calls.prctlPdeathsig(Calls.SIGKILL));
    }

    @Override
    public String sentence() {
      return "Makes a process that goes ahead into namespaces that are there already.";
    }

    @Override
    public String byHand() {
      return "sh";
    }
  }

  /** Dies when its creator dies: PR_SET_PDEATHSIG. */
  record DieWithEngine() implements ProcessStep {
    @Override
    public void perform(StepContext context) {
      context.make(Calls.prctlPdeathsig(Calls.SIGKILL));
    }

    @Override
    public String sentence() {
      return "Asks to be killed when its creator dies, so that nothing is left behind.";
    }

    @Override
    public String byHand() {
      return "setpriv --pdeathsig KILL sh";
    }
  }

  /** Connects descriptors 0, 1 and 2, in a session of its own. */
  record ConnectStdio(Stdio stdio) implements ProcessStep {
    @Override
    public void perform(StepContext context) {
      context.make(Calls.setsid());
      switch (stdio) {
        case NULL -> {
          // The lowest free descriptor is the one just closed.
          context.makeAll(
              List.of(
                  Calls.close(0),
                  Calls.openat("/dev/null", Calls.O_RDWR),
                  Calls.dup3(0, 1),
                  Calls.dup3(0, 2)));
        }
        case TERMINAL -> {
          context.make(Calls.close(0));
          context.make(Calls.openat(context.terminal(), Calls.O_RDWR));
          context.make(Calls.ioctlTiocsctty(0));
          context.make(Calls.dup3(0, 1));
          context.make(Calls.dup3(0, 2));
        }
        case LOG -> {
          Bytes out = context.make(Calls.pipe2(Calls.O_CLOEXEC)).memory().getFirst();
          Bytes err = context.make(Calls.pipe2(Calls.O_CLOEXEC)).memory().getFirst();
          context.openOutput(out.intAt(0), err.intAt(0));
          context.make(Calls.dup3(out.intAt(4), 1));
          context.make(Calls.dup3(err.intAt(4), 2));
          context.make(Calls.close(0));
          context.make(Calls.openat("/dev/null", Calls.O_RDWR));
        }
        case PIPES -> {
          Bytes in = context.make(Calls.pipe2(Calls.O_CLOEXEC)).memory().getFirst();
          Bytes out = context.make(Calls.pipe2(Calls.O_CLOEXEC)).memory().getFirst();
          Bytes err = context.make(Calls.pipe2(Calls.O_CLOEXEC)).memory().getFirst();
          context.openPipes(in.intAt(4), out.intAt(0), err.intAt(0));
          context.make(Calls.dup3(in.intAt(0), 0));
          context.make(Calls.dup3(out.intAt(4), 1));
          context.make(Calls.dup3(err.intAt(4), 2));
        }
      }
    }

    @Override
    public String sentence() {
      return switch (stdio) {
        case NULL -> "Starts a session of its own, without input or output.";
        case TERMINAL -> "Starts a session of its own on a terminal of its own.";
        case PIPES -> "Starts a session of its own; input and output are pipes to the engine.";
        case LOG -> "Starts a session of its own, without input; output is a pipe to the log.";
      };
    }

    @Override
    public String byHand() {
      return switch (stdio) {
        case NULL -> "setsid sh < /dev/null > /dev/null 2>&1";
        case TERMINAL -> "setsid --ctty sh";
        case PIPES -> "cat | setsid sh | cat";
        case LOG -> "setsid sh < /dev/null 2>&1 | cat > log";
      };
    }
  }

  /** chdir(2). */
  record ChangeDirectory(String path) implements ProcessStep {
    @Override
    public void perform(StepContext context) {
      context.make(Calls.chdir(path));
    }

    @Override
    public String sentence() {
      return "Goes to " + path + ".";
    }

    @Override
    public String byHand() {
      return "cd " + path;
    }
  }

  /** Becomes the program: execve(2). */
  record Exec(List<String> argv, List<String> env) implements ProcessStep {
    public Exec {
      argv = List.copyOf(argv);
      env = List.copyOf(env);
    }

    @Override
    public void perform(StepContext context) {
      List<String> candidates = candidates();
      for (String candidate : candidates.subList(0, candidates.size() - 1)) {
        try {
          context.exec(candidate, argv, env);
          return;
        } catch (SyscallException e) {
          // As execvp(3): a folder of PATH that lacks the program is passed over.
          if (!e.errno().name().equals("ENOENT") && !e.errno().name().equals("ENOTDIR")) {
            throw e;
          }
        }
      }
      context.exec(candidates.getLast(), argv, env);
    }

    private List<String> candidates() {
      String program = argv.getFirst();
      if (program.contains("/")) {
        return List.of(program);
      }
      String path =
          env.stream()
              .filter(entry -> entry.startsWith("PATH="))
              .map(entry -> entry.substring("PATH=".length()))
              .findFirst()
              .orElse("/bin:/usr/bin");
      return List.of(path.split(":")).stream().map(folder -> folder + "/" + program).toList();
    }

    @Override
    public String sentence() {
      return "Becomes " + argv.getFirst() + "; the process stays the same one.";
    }

    @Override
    public String byHand() {
      return "exec " + String.join(" ", argv);
    }
  }
}
