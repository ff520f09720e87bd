package dev.terrarium.engine.observe;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * How the pid namespaces of one snapshot nest. The kernel says how deep a process is (the length of
 * its NSpid line) but not in whose namespace its own lies; that follows from parents: who makes a
 * pid namespace is the parent of its process 1, and if the maker dies, another of the maker's
 * namespace adopts it. Source: pid_namespaces(7).
 */
final class PidNamespaces {

  private final Map<Long, Integer> depth = new HashMap<>();
  private final Map<Long, Long> outer = new HashMap<>();

  PidNamespaces(Snapshot snapshot) {
    for (ProcessInfo process : snapshot.processes()) {
      long own = process.namespaces().pid();
      if (own == 0) {
        continue;
      }
      depth.putIfAbsent(own, process.pids().size() - 1);
      snapshot
          .process(process.ppid())
          .filter(parent -> parent.pids().size() == process.pids().size() - 1)
          .filter(parent -> parent.namespaces().pid() != 0)
          .ifPresent(parent -> outer.putIfAbsent(own, parent.namespaces().pid()));
    }
  }

  /** Whether the process has a number in that namespace: is a member of it or of one inside it. */
  boolean contains(long namespace, ProcessInfo process) {
    Set<Long> passed = new HashSet<>();
    Long at = process.namespaces().pid();
    while (at != null && passed.add(at)) {
      if (at == namespace) {
        return namespace != 0;
      }
      at = outer.get(at);
    }
    return false;
  }

  /** The process's number in that namespace; empty if it has none there. */
  OptionalInt number(long namespace, ProcessInfo process) {
    Integer index = depth.get(namespace);
    if (index == null || index >= process.pids().size() || !contains(namespace, process)) {
      return OptionalInt.empty();
    }
    return OptionalInt.of(process.pids().get(index));
  }
}
