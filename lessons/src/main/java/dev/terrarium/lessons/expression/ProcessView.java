package dev.terrarium.lessons.expression;

import dev.terrarium.engine.observe.ProcessInfo;
import java.util.List;

/**
 * A process as expressions see it.
 *
 * @param pid its number on the host
 * @param ppid its parent's number on the host
 * @param inside its number in its own pid namespace
 * @param pids its numbers in every nested pid namespace, the host's first
 * @param uid its user on the host
 * @param state the letter of proc_pid_stat(5)
 * @param name the kernel's name of it
 * @param argv its command line
 * @param ns its namespaces
 */
public record ProcessView(
    long pid,
    long ppid,
    long inside,
    List<Long> pids,
    long uid,
    String state,
    String name,
    List<String> argv,
    NamespaceView ns) {

  public ProcessView {
    pids = List.copyOf(pids);
    argv = List.copyOf(argv);
  }

  static ProcessView of(ProcessInfo process) {
    return new ProcessView(
        process.pid(),
        process.ppid(),
        process.innermostPid(),
        process.pids().stream().map(Integer::longValue).toList(),
        process.uid(),
        String.valueOf(process.state()),
        process.name(),
        process.argv(),
        NamespaceView.of(process.namespaces()));
  }

  /** As a person reads it, short. */
  @Override
  public String toString() {
    String command = argv.isEmpty() ? "[" + name + "]" : String.join(" ", argv);
    return inside == pid ? pid + " " + command : pid + " = " + inside + " " + command;
  }
}
