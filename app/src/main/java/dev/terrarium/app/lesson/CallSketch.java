package dev.terrarium.app.lesson;

import dev.terrarium.app.text.VisibleText;
import dev.terrarium.engine.observe.NamespaceType;
import dev.terrarium.engine.spec.Limits;
import dev.terrarium.engine.syscall.Arg;
import dev.terrarium.engine.syscall.SyscallEvent;
import dev.terrarium.lessons.format.Action;
import dev.terrarium.lessons.format.Placeholders;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The few calls that make a step what it is, one line each: announced from its actions before it
 * runs, taken from the record after.
 */
final class CallSketch {

  /** More calls than these do not help to understand a step; the dock shows them all. */
  private static final int MOST_LINES = 7;

  private static final int MOST_WORDS = 3;

  /** In characters; the middle of a longer text is left out. */
  private static final int LONGEST_TEXT = 30;

  /** Calls by which the engine prepares itself; they explain nothing about containers. */
  private static final Set<String> HOUSEKEEPING =
      Set.of(
          "close",
          "close_range",
          "openat",
          "open",
          "read",
          "write",
          "dup2",
          "dup3",
          "ioctl",
          "wait4",
          "prctl",
          "mkdirat",
          "mkdir",
          "fcntl",
          "pipe2",
          "exit_group",
          "getpid",
          "setsid",
          "socketpair",
          "pidfd_open",
          "pidfd_getfd",
          "seccomp",
          "sendmsg",
          "recvmsg");

  /** Before a line that is typed into the container's terminal. */
  private static final String PROMPT = "$ ";

  private static final Pattern KEPT = Pattern.compile("(?:int\\()?kept\\.(\\w+)\\)?");

  private CallSketch() {}

  /** What the engine is about to do. */
  static List<String> announced(List<Action> actions, Map<String, String> values) {
    List<String> lines = new ArrayList<>();
    for (Action action : actions) {
      switch (action) {
        case Action.Start start -> announceStart(start, lines);
        case Action.Ask ask -> lines.add(PROMPT + Placeholders.fill(ask.line(), values));
        case Action.MountProc proc -> lines.add("mount(\"proc\", \"" + proc.at() + "\", \"proc\")");
        case Action.Type type -> lines.add(PROMPT + Placeholders.fill(type.line(), values));
        case Action.Signal signal ->
            lines.add("kill(" + target(signal.pid(), values) + ", SIG" + signal.signal() + ")");
        case Action.Limit limit -> lines.addAll(limits(limit.limits()));
        case Action.Pause _ -> lines.add("write(cgroup freezer)");
        case Action.Resume _ -> lines.add("write(cgroup freezer)");
        case Action.Stop _ -> lines.add("kill(pid, SIGKILL)");
        case Action.Await _, Action.Keep _ -> {
          // Looking is not a call of the container's.
        }
      }
    }
    return lines;
  }

  /** The files have other names in each version of cgroups; what is written means the same. */
  private static List<String> limits(Limits limits) {
    List<String> lines = new ArrayList<>();
    limits.memoryBytes().ifPresent(bytes -> lines.add("write(memory, \"" + bytes + "\")"));
    limits
        .cpus()
        .ifPresent(cpus -> lines.add("write(cpu, \"" + Math.round(cpus * 100_000) + " 100000\")"));
    limits.pids().ifPresent(pids -> lines.add("write(pids.max, \"" + pids + "\")"));
    return lines;
  }

  private static void announceStart(Action.Start start, List<String> lines) {
    Set<NamespaceType> ordered = EnumSet.noneOf(NamespaceType.class);
    ordered.addAll(start.namespaces());
    String flags = ordered.stream().map(NamespaceType::flagName).collect(Collectors.joining("|"));
    lines.add("clone(" + (flags.isEmpty() ? "SIGCHLD" : flags) + ")");
    if (start.root().equals("lesson")) {
      lines.add("mount(\"overlay\", …, \"overlay\")");
      if (start.proc().equals("new")) {
        lines.add("mount(\"proc\", …, \"proc\")");
      }
      lines.add("pivot_root(\".\", \".\")");
    }
    start.hostname().ifPresent(name -> lines.add("sethostname(\"" + name + "\")"));
    lines.add(
        "execve(\""
            + start.argv().getFirst()
            + "\", "
            + start.argv().stream().map(CallSketch::quoted).toList()
            + ")");
  }

  /** What the engine did: the calls that it made and the lines that it typed. */
  static List<String> recorded(
      List<Action> actions, List<SyscallEvent> calls, Map<String, String> values) {
    List<String> typed = new ArrayList<>();
    for (Action action : actions) {
      switch (action) {
        case Action.Ask ask -> typed.add(PROMPT + Placeholders.fill(ask.line(), values));
        case Action.Type type -> typed.add(PROMPT + Placeholders.fill(type.line(), values));
        case Action.Start _,
            Action.MountProc _,
            Action.Signal _,
            Action.Limit _,
            Action.Pause _,
            Action.Resume _,
            Action.Stop _ -> {
          // Their calls are on record.
        }
        case Action.Await _, Action.Keep _ -> {
          // Looking is not a call of the container's.
        }
      }
    }
    List<String> lines = new ArrayList<>(notable(calls));
    boolean typedFirst =
        !actions.isEmpty()
            && (actions.getFirst() instanceof Action.Ask
                || actions.getFirst() instanceof Action.Type);
    lines.addAll(typedFirst ? 0 : lines.size(), typed);
    return lines;
  }

  private static List<String> notable(List<SyscallEvent> calls) {
    List<String> lines =
        calls.stream()
            .filter(call -> !HOUSEKEEPING.contains(call.name()))
            .map(CallSketch::line)
            .toList();
    if (lines.size() <= MOST_LINES) {
      return lines;
    }
    List<String> shown = new ArrayList<>(lines.subList(0, MOST_LINES - 1));
    shown.add("… +" + (lines.size() - shown.size()));
    return shown;
  }

  private static String line(SyscallEvent call) {
    String arguments =
        call.args().stream().map(CallSketch::argument).collect(Collectors.joining(", "));
    String outcome = call.errno().map(errno -> " = " + errno.name()).orElse("");
    return call.name() + "(" + arguments + ")" + outcome;
  }

  private static String argument(Arg arg) {
    return switch (arg) {
      case Arg.Text text -> quoted(shortened(text.value()));
      case Arg.Words words -> words(words.values());
      case Arg.Flags flags ->
          flags.names().isEmpty() ? Long.toString(flags.value()) : String.join("|", flags.names());
      case Arg.Int number -> Long.toString(number.value());
      case Arg.Null _ -> "NULL";
      case Arg.Struct struct -> struct.text();
    };
  }

  /** A signal's target by its number where that is known, else by the expression that finds it. */
  private static String target(String expression, Map<String, String> values) {
    Matcher kept = KEPT.matcher(expression);
    return kept.matches() ? values.getOrDefault(kept.group(1), kept.group(1)) : expression;
  }

  /** A program's arguments are the point; its environment, the longer list, is not. */
  private static String words(List<String> words) {
    List<String> shown =
        words.stream()
            .limit(MOST_WORDS)
            .map(CallSketch::shortened)
            .map(CallSketch::quoted)
            .toList();
    String joined = String.join(", ", shown);
    return words.size() > MOST_WORDS
        ? "[" + quoted(shortened(words.getFirst())) + ", …]"
        : "[" + joined + "]";
  }

  private static String quoted(String text) {
    return '"' + text + '"';
  }

  private static String shortened(String text) {
    String cut =
        text.length() <= LONGEST_TEXT
            ? text
            : text.substring(0, LONGEST_TEXT / 2)
                + "…"
                + text.substring(text.length() - LONGEST_TEXT / 2);
    return VisibleText.of(cut);
  }
}
