package dev.terrarium.engine.observe;

import java.util.List;

/**
 * One process at an instant. Source: proc_pid_stat(5), proc_pid_status(5).
 *
 * @param pid its number in the observer's pid namespace
 * @param ppid its parent's number there; 0 if the parent is outside
 * @param uid its real user id in the observer's user namespace
 * @param state the letter of proc_pid_stat(5): R, S, D, Z, T, t, I ...
 * @param name the kernel's name of it (comm), at most 15 bytes
 * @param argv its command line; empty for kernel threads and zombies
 * @param pids its numbers in every nested pid namespace, outermost (the observer's) first; from the
 *     NSpid line
 * @param namespaces its eight namespaces
 * @param startTicks when it started, in clock ticks since boot; with pid it tells a process from
 *     its successor
 */
public record ProcessInfo(
    int pid,
    int ppid,
    int uid,
    char state,
    String name,
    List<String> argv,
    List<Integer> pids,
    NamespaceSet namespaces,
    long startTicks) {

  public ProcessInfo {
    argv = List.copyOf(argv);
    pids = List.copyOf(pids);
  }

  /**
   * Its number in the innermost pid namespace: what {@code getpid()} returns to the process itself.
   */
  public int innermostPid() {
    return pids.isEmpty() ? pid : pids.getLast();
  }

  /**
   * The command line as {@code ps} shows it: arguments joined by blanks, or the name in brackets.
   */
  public String command() {
    return argv.isEmpty() ? "[" + name + "]" : String.join(" ", argv);
  }
}
