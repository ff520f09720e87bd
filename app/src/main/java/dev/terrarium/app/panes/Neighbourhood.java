package dev.terrarium.app.panes;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The part of the host that fits on a blackboard: some processes, their ancestors up to number 1,
 * and a few that live beside them, so that it shows that they are processes like any other.
 */
final class Neighbourhood {

  /** So many strangers are shown. */
  static final int NEIGHBOURS = 4;

  /** So many ancestors are shown, and number 1. */
  static final int ANCESTORS = 3;

  private Neighbourhood() {}

  /**
   * The rows around the centre, in their order, depths made dense again.
   *
   * @param rows a whole tree, parents before their children
   * @param parents each process's parent, by host pid
   * @param centre what is looked at, by host pid
   */
  static List<ProcessRow> around(
      List<ProcessRow> rows, Map<Integer, Integer> parents, Set<Integer> centre) {
    Set<Integer> present = new HashSet<>(centre);
    present.retainAll(parents.keySet());
    if (present.isEmpty()) {
      present.add(1);
    }
    Set<Integer> shown = new HashSet<>(present);
    for (int pid : present) {
      shown.addAll(nearest(ancestors(pid, parents)));
    }
    int middle = present.stream().mapToInt(Integer::intValue).min().orElse(1);
    List<ProcessRow> strangers = new ArrayList<>();
    for (ProcessRow row : rows) {
      Integer parent = parents.get(row.hostPid());
      boolean beside = parent != null && (shown.contains(parent) || parent == 0);
      if (!shown.contains(row.hostPid()) && beside && !kernelThread(row)) {
        strangers.add(row);
      }
    }
    strangers.sort(Comparator.comparingInt(row -> Math.abs(row.hostPid() - middle)));
    strangers.stream().limit(NEIGHBOURS).forEach(row -> shown.add(row.hostPid()));
    return keep(rows, parents, shown);
  }

  /** From the parent up to number 1. */
  private static List<Integer> ancestors(int pid, Map<Integer, Integer> parents) {
    List<Integer> up = new ArrayList<>();
    Integer parent = parents.get(pid);
    while (parent != null && parent != 0 && !up.contains(parent)) {
      up.add(parent);
      parent = parents.get(parent);
    }
    return up;
  }

  /** The nearest ancestors and the first of all; what is between would fill the blackboard. */
  private static List<Integer> nearest(List<Integer> ancestors) {
    if (ancestors.size() <= ANCESTORS + 1) {
      return ancestors;
    }
    List<Integer> kept = new ArrayList<>(ancestors.subList(0, ANCESTORS));
    kept.add(ancestors.getLast());
    return kept;
  }

  /** The rows of those processes; each as deep as it has shown ancestors. */
  static List<ProcessRow> keep(
      List<ProcessRow> rows, Map<Integer, Integer> parents, Set<Integer> shown) {
    Map<Integer, Integer> depths = new HashMap<>();
    List<ProcessRow> kept = new ArrayList<>();
    for (ProcessRow row : rows) {
      if (shown.contains(row.hostPid())) {
        int parent = parents.getOrDefault(row.hostPid(), 0);
        Integer above = depths.get(parent);
        boolean hidden = above == null && parent != 0;
        if (hidden) {
          above =
              ancestors(parent, parents).stream()
                  .map(depths::get)
                  .filter(Objects::nonNull)
                  .findFirst()
                  .orElse(null);
        }
        int depth = above == null ? 0 : above + 1;
        depths.put(row.hostPid(), depth);
        kept.add(row.atDepth(depth, hidden));
      }
    }
    return kept;
  }

  private static boolean kernelThread(ProcessRow row) {
    return row.command().startsWith("[");
  }
}
