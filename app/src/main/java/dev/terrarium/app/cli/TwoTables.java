package dev.terrarium.app.cli;

import dev.terrarium.app.text.VisibleText;
import dev.terrarium.engine.observe.Namespace;
import dev.terrarium.engine.observe.NamespaceType;
import dev.terrarium.engine.observe.ProcessInfo;
import dev.terrarium.engine.observe.Snapshot;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The same processes as the host numbers them and, on the same lines, as the container does. Pure:
 * from one snapshot to lines of text.
 */
final class TwoTables {
  private static final int COMMAND_COLUMNS = 24;

  private final Snapshot snapshot;
  private final ProcessInfo first;

  private TwoTables(Snapshot snapshot, ProcessInfo first) {
    this.snapshot = snapshot;
    this.first = first;
  }

  /**
   * The tables around a container; empty if its first process is gone.
   *
   * @param hostTitle heading of the left table
   * @param containerTitle heading of the right table
   */
  static List<String> of(
      Snapshot snapshot, int containerPid, String hostTitle, String containerTitle) {
    return snapshot
        .process(containerPid)
        .map(first -> new TwoTables(snapshot, first).lines(hostTitle, containerTitle))
        .orElse(List.of());
  }

  private List<String> lines(String hostTitle, String containerTitle) {
    List<String> lines = new ArrayList<>();
    lines.add(beside(hostTitle, containerTitle));
    lines.add(
        beside(
            hostRow("PID", "PPID", "PID NS", "COMMAND"), containerRow("PID", "PPID", "COMMAND")));
    for (ProcessInfo ancestor : ancestors()) {
      lines.add(beside(host(ancestor), ""));
    }
    for (ProcessInfo member : members()) {
      lines.add(beside(host(member), container(member)));
    }
    return lines;
  }

  /** The way from the host's first process down to the container. */
  private Deque<ProcessInfo> ancestors() {
    Deque<ProcessInfo> way = new ArrayDeque<>();
    Optional<ProcessInfo> above = snapshot.process(first.ppid());
    while (above.isPresent() && way.size() < 64) {
      way.addFirst(above.get());
      above = snapshot.process(above.get().ppid());
    }
    return way;
  }

  /** The first process and all that came from it, or that live in its pid namespace. */
  private List<ProcessInfo> members() {
    Optional<Namespace> own = first.namespaces().get(NamespaceType.PID);
    boolean shared = first.namespaces().pid() == snapshot.self().pid();
    Set<Integer> family = new HashSet<>(Set.of(first.pid()));
    List<ProcessInfo> members = new ArrayList<>(List.of(first));
    for (ProcessInfo process : snapshot.processes()) {
      boolean neighbour =
          !shared && own.isPresent() && process.namespaces().pid() == own.get().inode();
      if (process.pid() != first.pid() && (neighbour || family.contains(process.ppid()))) {
        family.add(process.pid());
        members.add(process);
      }
    }
    return members;
  }

  private String host(ProcessInfo process) {
    String namespace =
        process.namespaces().get(NamespaceType.PID).map(Namespace::shortInode).orElse("?");
    return hostRow(
        Integer.toString(process.pid()),
        Integer.toString(process.ppid()),
        namespace,
        process.command());
  }

  private String container(ProcessInfo process) {
    return containerRow(
        Integer.toString(inside(process)),
        Integer.toString(snapshot.process(process.ppid()).map(this::inside).orElse(0)),
        process.command());
  }

  /**
   * Its number in the container's pid namespace; 0, as getppid(2) says it, if it has none there.
   */
  private int inside(ProcessInfo process) {
    int depth = Math.max(0, first.pids().size() - 1);
    return process.pids().size() > depth ? process.pids().get(depth) : 0;
  }

  private static String hostRow(String pid, String ppid, String namespace, String command) {
    return TextWidth.fit(pid, 8)
        + TextWidth.fit(ppid, 8)
        + TextWidth.fit(namespace, 7)
        + VisibleText.of(command, COMMAND_COLUMNS - 1);
  }

  private static String containerRow(String pid, String ppid, String command) {
    return TextWidth.fit(pid, 6)
        + TextWidth.fit(ppid, 6)
        + VisibleText.of(command, COMMAND_COLUMNS - 1);
  }

  private static String beside(String left, String right) {
    return "  " + (TextWidth.fit(left, 23 + COMMAND_COLUMNS) + " │ " + right).stripTrailing();
  }
}
