package dev.terrarium.engine.container;

import dev.terrarium.engine.observe.NamespaceType;
import dev.terrarium.engine.syscall.Bytes;
import dev.terrarium.engine.syscall.Calls;
import dev.terrarium.engine.syscall.SyscallException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One step of a container's plan: data that knows its system calls, the sentence that explains it,
 * and what a person would type to do the same. A closed family: a new ability is a new record here.
 */
public sealed interface Step {

  /** Makes the step's calls, in order. */
  void perform(StepContext context);

  /** What it does and why, in one English sentence. */
  String sentence();

  /** What a person would type, in a shell, to do the same by hand. */
  String byHand();

  /** Its stable name: the record's, in lower case with dashes, such as {@code mount-overlay}. */
  default String id() {
    return StepNames.of(getClass());
  }

  /** A new process in new namespaces: clone(2). */
  record Clone(Set<NamespaceType> namespaces) implements Step {
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
          + ordered().stream().map(NamespaceType::procName).collect(Collectors.joining(", "))
          + ".";
    }

    @Override
    public String byHand() {
      return ordered().stream()
          .map(type -> type == NamespaceType.MNT ? "--mount" : "--" + type.procName())
          .collect(Collectors.joining(" ", "unshare --fork ", " sh"));
    }

    private Set<NamespaceType> ordered() {
      Set<NamespaceType> ordered = EnumSet.noneOf(NamespaceType.class);
      ordered.addAll(namespaces);
      return ordered;
    }
  }

  /** Who the new user namespace's root is outside: user_namespaces(7), uid_map and gid_map. */
  record MapIds(int uid, int gid) implements Step {
    @Override
    public void perform(StepContext context) {
      Path process = Path.of("/proc", Integer.toString(context.child()));
      // Without this, an unprivileged writer may not write gid_map: it could drop a group that
      // denies it access.
      context.writeOutside(process.resolve("setgroups"), "deny");
      context.writeOutside(process.resolve("uid_map"), "0 " + uid + " 1");
      context.writeOutside(process.resolve("gid_map"), "0 " + gid + " 1");
    }

    @Override
    public String sentence() {
      return "Tells the kernel that root inside is user %d and group %d outside."
          .formatted(uid, gid);
    }

    @Override
    public String byHand() {
      return "echo '0 %d 1' > /proc/PID/uid_map".formatted(uid);
    }
  }

  /** Dies when its creator dies: PR_SET_PDEATHSIG. */
  record DieWithEngine() implements Step {
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
  record ConnectStdio(ContainerSpec.Stdio stdio) implements Step {
    @Override
    public void perform(StepContext context) {
      context.make(Calls.setsid());
      switch (stdio) {
        case NULL -> {
          context.make(Calls.close(0));
          // The lowest free descriptor is the one just closed.
          context.make(Calls.openat("/dev/null", Calls.O_RDWR));
          context.make(Calls.dup3(0, 1));
          context.make(Calls.dup3(0, 2));
        }
        case TERMINAL -> {
          context.make(Calls.close(0));
          context.make(Calls.openat(context.terminal(), Calls.O_RDWR));
          context.make(Calls.ioctlTiocsctty(0));
          context.make(Calls.dup3(0, 1));
          context.make(Calls.dup3(0, 2));
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
      };
    }

    @Override
    public String byHand() {
      return switch (stdio) {
        case NULL -> "setsid sh < /dev/null > /dev/null 2>&1";
        case TERMINAL -> "setsid --ctty sh";
        case PIPES -> "cat | setsid sh | cat";
      };
    }
  }

  /**
   * Stops mounts from travelling between this mount namespace and the host's: MS_REC|MS_PRIVATE.
   */
  record MakeMountsPrivate() implements Step {
    @Override
    public void perform(StepContext context) {
      context.make(Calls.mount("none", "/", "", Calls.MS_REC | Calls.MS_PRIVATE, ""));
    }

    @Override
    public String sentence() {
      return "Makes all mounts private, so that what is mounted here stays here.";
    }

    @Override
    public String byHand() {
      return "mount --make-rprivate /";
    }
  }

  /** Read-only layers below, a writable one on top, one tree: overlayfs. Top layer first. */
  record MountOverlay(List<Path> lower, Path upper, Path work, Path target) implements Step {
    public MountOverlay {
      lower = List.copyOf(lower);
    }

    @Override
    public void perform(StepContext context) {
      context.makeFolder(upper);
      context.makeFolder(work);
      context.makeFolder(target);
      context.make(Calls.mount("overlay", target.toString(), "overlay", 0, data()));
    }

    @Override
    public String sentence() {
      return "Lays a writable layer over %d read-only %s; the union is the container's root."
          .formatted(lower.size(), lower.size() == 1 ? "layer" : "layers");
    }

    @Override
    public String byHand() {
      return "mount -t overlay overlay -o " + data() + " " + target;
    }

    private String data() {
      // Colon and comma separate layers and options; overlayfs takes them escaped.
      String layers =
          lower.stream()
              .map(layer -> escape(layer).replace(":", "\\:"))
              .collect(Collectors.joining(":"));
      return "lowerdir=" + layers + ",upperdir=" + escape(upper) + ",workdir=" + escape(work);
    }

    private static String escape(Path path) {
      return path.toString().replace("\\", "\\\\").replace(",", "\\,");
    }
  }

  /** The host's /proc, bound into the new root. */
  record BindHostProc(Path target) implements Step {
    @Override
    public void perform(StepContext context) {
      context.make(Calls.mount("/proc", target.toString(), "", Calls.MS_BIND | Calls.MS_REC, ""));
    }

    @Override
    public String sentence() {
      return "Binds the host's own /proc into the new root.";
    }

    @Override
    public String byHand() {
      return "mount --rbind /proc " + target;
    }
  }

  /** A new procfs of the caller's pid namespace, at a path as the caller sees it at that moment. */
  record MountProc(Path target) implements Step {
    @Override
    public void perform(StepContext context) {
      context.make(
          Calls.mount(
              "proc",
              target.toString(),
              "proc",
              Calls.MS_NOSUID | Calls.MS_NODEV | Calls.MS_NOEXEC,
              ""));
    }

    @Override
    public String sentence() {
      return "Mounts a new /proc, which shows the processes of this pid namespace only.";
    }

    @Override
    public String byHand() {
      return "mount -t proc proc " + target;
    }
  }

  /** The host name of the new uts namespace: sethostname(2). */
  record SetHostname(String hostname) implements Step {
    @Override
    public void perform(StepContext context) {
      context.make(Calls.sethostname(hostname));
    }

    @Override
    public String sentence() {
      return "Sets the host name of this uts namespace to " + hostname + ".";
    }

    @Override
    public String byHand() {
      return "hostname " + hostname;
    }
  }

  /** Makes a mount the root and lets go of the old root: pivot_root(2). */
  record PivotRoot(Path newRoot) implements Step {
    @Override
    public void perform(StepContext context) {
      context.make(Calls.chdir(newRoot.toString()));
      // Old and new root on the same spot: the old one lies on top until it is unmounted.
      // pivot_root(2), NOTES.
      context.make(Calls.pivotRoot(".", "."));
      context.make(Calls.umount2(".", Calls.MNT_DETACH));
      context.make(Calls.chdir("/"));
    }

    @Override
    public String sentence() {
      return "Makes the union the root, and lets go of the host's.";
    }

    @Override
    public String byHand() {
      return "cd " + newRoot + " && pivot_root . . && umount -l .";
    }
  }

  /** chdir(2). */
  record ChangeDirectory(String path) implements Step {
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
  record Exec(List<String> argv, List<String> env) implements Step {
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
