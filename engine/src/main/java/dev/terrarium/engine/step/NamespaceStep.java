package dev.terrarium.engine.step;

import dev.terrarium.engine.observe.IdMapping;
import dev.terrarium.engine.observe.NamespaceType;
import dev.terrarium.engine.observe.ProcessLinks;
import dev.terrarium.engine.spec.ClockOffsets;
import dev.terrarium.engine.syscall.Calls;
import dev.terrarium.engine.syscall.NamespaceCalls;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Namespaces that are entered or made on the way, and what is set in them before all else. */
public sealed interface NamespaceStep extends Step {

  /** Who the new user namespace's root is outside: user_namespaces(7), uid_map and gid_map. */
  record MapIds(int uid, int gid) implements NamespaceStep {
    @Override
    public void perform(StepContext context) {
      Path process = process(context.child());
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

  /**
   * Who many users of the new user namespace are outside. To lend ids that are not one's own takes
   * CAP_SETUID and CAP_SETGID outside: root's, or those of newuidmap(1) and newgidmap(1), which
   * look into subuid(5) and subgid(5) first.
   *
   * @param helped whether those two write the maps
   */
  record MapIdRanges(List<IdMapping> uids, List<IdMapping> gids, boolean helped)
      implements NamespaceStep {
    public MapIdRanges {
      uids = List.copyOf(uids);
      gids = List.copyOf(gids);
    }

    @Override
    public void perform(StepContext context) {
      int child = context.child();
      if (helped) {
        context.runOutside(helper("newuidmap", Integer.toString(child), uids));
        context.runOutside(helper("newgidmap", Integer.toString(child), gids));
      } else {
        context.writeOutside(process(child).resolve("uid_map"), lines(uids, "\n"));
        context.writeOutside(process(child).resolve("gid_map"), lines(gids, "\n"));
      }
    }

    private static List<String> helper(String program, String pid, List<IdMapping> map) {
      List<String> command = new ArrayList<>(List.of(program, pid));
      command.addAll(List.of(lines(map, " ").split(" ")));
      return List.copyOf(command);
    }

    private static String lines(List<IdMapping> map, String separator) {
      return map.stream()
          .map(line -> "%d %d %d".formatted(line.inside(), line.outside(), line.count()))
          .collect(Collectors.joining(separator));
    }

    @Override
    public String sentence() {
      return "Tells the kernel who %d users and %d groups inside are outside; root is user %d."
          .formatted(count(uids), count(gids), uids.getFirst().outside());
    }

    private static long count(List<IdMapping> map) {
      return map.stream().mapToLong(IdMapping::count).sum();
    }

    @Override
    public String byHand() {
      return helped
          ? String.join(" ", helper("newuidmap", "PID", uids))
              + "\n"
              + String.join(" ", helper("newgidmap", "PID", gids))
          : "printf '%s' > /proc/PID/uid_map\nprintf '%s' > /proc/PID/gid_map"
              .formatted(lines(uids, "\\n"), lines(gids, "\\n"));
    }
  }

  /**
   * The same by the process itself, which is all that is left below a user namespace that was
   * entered: the engine is neither in the new one nor in its parent. user_namespaces(7), "Defining
   * user and group ID mappings".
   */
  record MapOwnIds() implements NamespaceStep {
    @Override
    public void perform(StepContext context) {
      write(context, "setgroups", "deny");
      write(context, "uid_map", "0 0 1");
      write(context, "gid_map", "0 0 1");
    }

    private static void write(StepContext context, String file, String text) {
      long flags = Calls.O_WRONLY | Calls.O_CLOEXEC;
      int descriptor = (int) context.make(Calls.openat("/proc/self/" + file, flags)).result();
      context.make(Calls.write(descriptor, text));
      context.make(Calls.close(descriptor));
    }

    @Override
    public String sentence() {
      return "Tells the kernel that root inside is root in the user namespace around it.";
    }

    @Override
    public String byHand() {
      return "echo '0 0 1' > /proc/self/uid_map";
    }
  }

  /**
   * Enters namespaces of a process that runs: setns(2). The kernel checks the rights: in the user
   * namespace that owns each of them, and in one's own. Into a pid namespace go only one's children
   * to come. With the mounts comes their root.
   *
   * @param pid on the host
   */
  record Join(int pid, Set<NamespaceType> types) implements NamespaceStep {
    private static final long READ_ONLY = Calls.O_RDONLY | Calls.O_CLOEXEC;

    public Join {
      types = Set.copyOf(types);
    }

    @Override
    public void perform(StepContext context) {
      // The kernel refuses to enter the user namespace that one is in, and wants rights for others.
      Set<NamespaceType> others = ProcessLinks.apart(pid, types);
      boolean cell = types.contains(NamespaceType.MNT) && ProcessLinks.chrooted(pid);
      int pidfd = (int) context.make(Calls.pidfdOpen(pid)).result();
      // By number it can only be found as long as the host's /proc is there.
      int folder = cell ? (int) context.make(Calls.openat("/proc/" + pid, READ_ONLY)).result() : -1;
      if (!others.isEmpty()) {
        // All at once: the kernel enters the user namespace first, and judges the others by the
        // rights in both. setns(2).
        context.make(Calls.setns(pidfd, flags(others)));
      }
      if (cell) {
        int root = (int) context.make(NamespaceCalls.open(folder, "root")).result();
        context.make(NamespaceCalls.fchdir(root));
        context.make(NamespaceCalls.chroot("."));
      }
      // Only now: entering a user namespace may make the kernel forget it.
      context.make(Calls.prctlPdeathsig(Calls.SIGKILL));
    }

    private static long flags(Set<NamespaceType> types) {
      return types.stream().mapToLong(NamespaceType::cloneFlag).sum();
    }

    @Override
    public String sentence() {
      return "Enters namespaces of process %d: %s.".formatted(pid, names(types, ", "));
    }

    @Override
    public String byHand() {
      return "nsenter --target %d %s sh".formatted(pid, options(types));
    }
  }

  /**
   * Makes a time namespace: unshare(2). Its maker stays where it is, so that its clocks can be set
   * before anybody reads them. time_namespaces(7).
   */
  record NewTime() implements NamespaceStep {
    @Override
    public void perform(StepContext context) {
      context.make(Calls.unshare(NamespaceType.TIME.cloneFlag()));
    }

    @Override
    public String sentence() {
      return "Makes a time namespace for its children; nobody is in it yet.";
    }

    @Override
    public String byHand() {
      return "unshare --time sh";
    }
  }

  /** What is added to the clocks: {@code timens_offsets}, writable until somebody enters. */
  record SetClocks(ClockOffsets clocks) implements NamespaceStep {
    @Override
    public void perform(StepContext context) {
      Path file = process(context.inside().caller()).resolve("timens_offsets");
      try {
        context.writeOutside(file, lines("\n"));
      } catch (UncheckedIOException e) {
        throw new UncheckedIOException(
            "no clock may show less than zero, so none may go back further than the host has been"
                + " up; nor may it show more than 146 years",
            e.getCause());
      }
    }

    private String lines(String separator) {
      return line("monotonic", clocks.monotonic())
          + separator
          + line("boottime", clocks.boottime());
    }

    private static String line(String clock, Duration offset) {
      return "%s %d %d".formatted(clock, offset.getSeconds(), offset.getNano());
    }

    @Override
    public String sentence() {
      return "Moves the monotonic clock by %s s and the time since boot by %s s."
          .formatted(seconds(clocks.monotonic()), seconds(clocks.boottime()));
    }

    private static String seconds(Duration offset) {
      String all =
          java.math.BigDecimal.valueOf(offset.toMillis(), 3).stripTrailingZeros().toPlainString();
      return offset.isNegative() ? all : "+" + all;
    }

    @Override
    public String byHand() {
      return "printf '%s' > /proc/PID/timens_offsets".formatted(lines("\\n"));
    }
  }

  /** Goes where its children would be born: setns(2). From then on the clocks stay as they are. */
  record EnterTime() implements NamespaceStep {
    @Override
    public void perform(StepContext context) {
      long flags = Calls.O_RDONLY | Calls.O_CLOEXEC;
      int own = (int) context.make(Calls.openat("/proc/self/ns/time_for_children", flags)).result();
      context.make(Calls.setns(own, NamespaceType.TIME.cloneFlag()));
      context.make(Calls.close(own));
    }

    @Override
    public String sentence() {
      return "Enters the time namespace itself; its clocks cannot be moved any more.";
    }

    @Override
    public String byHand() {
      return "nsenter --time=/proc/self/ns/time_for_children sh";
    }
  }

  /**
   * Makes a cgroup namespace: unshare(2). Its root is the cgroup that the process is in at that
   * moment, so this comes after the process was moved there. cgroup_namespaces(7).
   */
  record NewCgroupView() implements NamespaceStep {
    @Override
    public void perform(StepContext context) {
      context.make(Calls.unshare(NamespaceType.CGROUP.cloneFlag()));
    }

    @Override
    public String sentence() {
      return "Makes a cgroup namespace: the cgroup that it is in now looks like the topmost one.";
    }

    @Override
    public String byHand() {
      return "unshare --cgroup sh";
    }
  }

  /** The host name of the new uts namespace: sethostname(2). */
  record SetHostname(String hostname) implements NamespaceStep {
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

  private static Path process(int pid) {
    return Path.of("/proc", Integer.toString(pid));
  }

  /** As {@code /proc/PID/ns} calls them, in the usual order. */
  static String names(Set<NamespaceType> types, String separator) {
    return ordered(types).map(NamespaceType::procName).collect(Collectors.joining(separator));
  }

  /** As unshare(1) and nsenter(1) take them. */
  static String options(Set<NamespaceType> types) {
    return ordered(types)
        .map(type -> type == NamespaceType.MNT ? "--mount" : "--" + type.procName())
        .collect(Collectors.joining(" "));
  }

  private static Stream<NamespaceType> ordered(Set<NamespaceType> types) {
    Set<NamespaceType> ordered = EnumSet.noneOf(NamespaceType.class);
    ordered.addAll(types);
    return ordered.stream();
  }
}
