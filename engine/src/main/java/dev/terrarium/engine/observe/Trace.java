package dev.terrarium.engine.observe;

import dev.terrarium.engine.syscall.Arg;
import dev.terrarium.engine.syscall.SyscallEvent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The calls that succeeded, searched newest first: a number may have belonged to several processes,
 * and a world may have been built several times.
 */
final class Trace {

  private static final Set<String> CLONES = Set.of("clone", "clone3", "fork", "vfork");
  private static final Set<String> EXITS = Set.of("exit", "exit_group");
  private static final Set<String> KILLS = Set.of("kill", "tkill", "tgkill", "pidfd_send_signal");
  private static final Set<String> WAITS = Set.of("wait4", "waitid", "waitpid");
  private static final Set<String> EXECS = Set.of("execve", "execveat");
  private static final int SIGKILL = 9;
  private static final int SIGCONT = 18;
  private static final Set<Integer> STOPS = Set.of(19, 20, 21, 22);

  /**
   * A mount or umount2.
   *
   * @param path its target as it is called once the later pivot_root(2) calls are made
   */
  private record OnPath(SyscallEvent call, String path) {}

  private final List<SyscallEvent> newestFirst;
  private final List<OnPath> mounts;

  Trace(List<SyscallEvent> calls) {
    List<SyscallEvent> made =
        calls.stream().filter(c -> c.errno().isEmpty() && c.result() >= 0).toList();
    this.newestFirst = made.reversed();
    this.mounts = followRoots(made).reversed();
  }

  /** The call that made that process. */
  Optional<SyscallEvent> bore(int pid) {
    return newest(c -> CLONES.contains(c.name()) && c.result() == pid);
  }

  /** The call by which that process, or its parent for it, came into that namespace. */
  Optional<SyscallEvent> ledInto(Namespace namespace, ProcessInfo member) {
    Predicate<SyscallEvent> asksForIt =
        c -> c.args().stream().anyMatch(a -> names(a, namespace.type().flagName()));
    Predicate<SyscallEvent> saysSo =
        c -> c.note().filter(note -> note.contains(namespace.toString())).isPresent();
    return newest(c ->
            CLONES.contains(c.name())
                && asksForIt.test(c)
                && (c.result() == member.pid() || saysSo.test(c)))
        .or(() ->
            newest(c ->
                c.name().equals("unshare")
                    && asksForIt.test(c)
                    && (c.pid() == member.pid() || c.pid() == member.ppid())))
        .or(() -> joined(namespace.type(), member));
  }

  /** setns(2); without a kind it takes whatever the descriptor is. */
  private Optional<SyscallEvent> joined(NamespaceType type, ProcessInfo member) {
    return newest(c ->
        c.name().equals("setns")
            && (c.pid() == member.pid() || c.pid() == member.ppid())
            && c.args().size() > 1
            && (number(c.args().get(1)) == 0 || names(c.args().get(1), type.flagName())));
  }

  Optional<SyscallEvent> execed(int pid) {
    return newest(c -> EXECS.contains(c.name()) && c.pid() == pid);
  }

  /** What ended a process: its own exit, or the signal that it was sent. */
  Optional<SyscallEvent> ended(int pid) {
    return newest(
        c -> (EXITS.contains(c.name()) && c.pid() == pid) || signalled(c, pid, Trace::mayEnd));
  }

  /** What made a zombie disappear. */
  Optional<SyscallEvent> reaped(int pid) {
    return newest(c -> WAITS.contains(c.name()) && c.result() == pid);
  }

  Optional<SyscallEvent> stopped(int pid) {
    return newest(c -> signalled(c, pid, STOPS::contains));
  }

  Optional<SyscallEvent> continued(int pid) {
    return newest(c -> signalled(c, pid, s -> s == SIGCONT || s == SIGKILL));
  }

  /** What mounted something there, that is asked of it. */
  Optional<SyscallEvent> mountedAt(String path, Predicate<SyscallEvent> asked) {
    return mounts.stream()
        .filter(m -> m.call().name().equals("mount") && m.path().equals(path))
        .map(OnPath::call)
        .filter(asked)
        .findFirst();
  }

  /** What took the mount away that was there; a detached tree takes along all below. */
  Optional<SyscallEvent> unmountedAt(String path) {
    return mounts.stream()
        .filter(m -> m.call().name().equals("umount2"))
        .filter(m -> m.path().equals(path) || below(path, m.path()))
        .map(OnPath::call)
        .findFirst();
  }

  Optional<SyscallEvent> pivoted() {
    return newest(c -> c.name().equals("pivot_root"));
  }

  /** The newest mount(2) with one of these flags whose target is the path or lies above it. */
  Optional<SyscallEvent> mountFlagged(String path, Set<String> flags) {
    return mounts.stream()
        .filter(m -> m.call().name().equals("mount"))
        .filter(m -> m.path().equals(path) || below(path, m.path()))
        .map(OnPath::call)
        .filter(c -> flags.stream().anyMatch(f -> c.args().stream().anyMatch(a -> names(a, f))))
        .findFirst();
  }

  static boolean names(Arg arg, String flag) {
    return switch (arg) {
      case Arg.Flags flags -> flags.names().contains(flag);
      case Arg.Struct struct -> struct.text().contains(flag);
      case Arg.Text text -> false;
      case Arg.Words words -> false;
      case Arg.Int number -> false;
      case Arg.Null none -> false;
    };
  }

  /** The string that is the argument of that index, if it is one. */
  static Optional<String> text(SyscallEvent call, int index) {
    return index < call.args().size() && call.args().get(index) instanceof Arg.Text(String value)
        ? Optional.of(value)
        : Optional.empty();
  }

  private static long number(Arg arg) {
    return switch (arg) {
      case Arg.Flags flags -> flags.value();
      case Arg.Int number -> number.value();
      case Arg.Text text -> -1;
      case Arg.Words words -> -1;
      case Arg.Struct struct -> -1;
      case Arg.Null none -> 0;
    };
  }

  /** Signal 0 only asks, 17 (a child's end), 23 and 28 are ignored, and some only stop or wake. */
  private static boolean mayEnd(int signal) {
    return signal > 0
        && signal != 17
        && signal != SIGCONT
        && signal != 23
        && signal != 28
        && !STOPS.contains(signal);
  }

  private static boolean signalled(SyscallEvent call, int pid, Predicate<Integer> signal) {
    return KILLS.contains(call.name())
        && call.args().size() > 1
        && number(call.args().getFirst()) == pid
        && signal.test((int) number(call.args().get(call.name().equals("tgkill") ? 2 : 1)));
  }

  private Optional<SyscallEvent> newest(Predicate<SyscallEvent> wanted) {
    return newestFirst.stream().filter(wanted).findFirst();
  }

  /**
   * Follows working folders and roots through the trace: what is mounted at {@code /run/box/merged/
   * proc} before pivot_root(2) is at {@code /proc} after it.
   */
  private static List<OnPath> followRoots(List<SyscallEvent> made) {
    Map<Integer, String> folder = new HashMap<>();
    List<OnPath> found = new ArrayList<>();
    for (SyscallEvent call : made) {
      String here = folder.getOrDefault(call.pid(), "/");
      switch (call.name()) {
        case "clone" -> folder.put((int) call.result(), here);
        case "chdir" -> text(call, 0).ifPresent(to -> folder.put(call.pid(), resolve(here, to)));
        case "mount" ->
            text(call, 1).ifPresent(to -> found.add(new OnPath(call, resolve(here, to))));
        case "umount2" ->
            text(call, 0).ifPresent(to -> found.add(new OnPath(call, resolve(here, to))));
        case "pivot_root" -> {
          String root = text(call, 0).map(to -> resolve(here, to)).orElse("/");
          found.replaceAll(
              m -> m.call().pid() == call.pid() ? new OnPath(m.call(), under(root, m.path())) : m);
          folder.put(call.pid(), under(root, here));
        }
        default -> {}
      }
    }
    return found;
  }

  private static String resolve(String folder, String path) {
    return Path.of(folder).resolve(path).normalize().toString();
  }

  /** How a path is called when that folder is the root; outside of it, it keeps its name. */
  private static String under(String root, String path) {
    if (path.equals(root)) {
      return "/";
    }
    return below(path, root) && !root.equals("/") ? path.substring(root.length()) : path;
  }

  private static boolean below(String path, String folder) {
    return path.startsWith(folder.endsWith("/") ? folder : folder + "/");
  }
}
