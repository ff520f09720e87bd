package dev.terrarium.engine.observe;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the namespaces of some processes isolate, each namespace once. Read on demand, for it takes
 * a visit to each; the {@link Snapshot} says who is in which.
 *
 * @param at when reading began
 * @param processes the namespaces of each
 * @param namespaces in the order of the processes and of {@link NamespaceType}
 */
public record Look(
    Instant at, Map<Integer, NamespaceSet> processes, List<NamespaceView> namespaces) {

  public Look {
    processes = Map.copyOf(processes);
    namespaces = List.copyOf(namespaces);
  }

  /** That namespace, if it was looked into. */
  public Optional<NamespaceView> view(Namespace namespace) {
    return namespaces.stream().filter(view -> view.namespace().equals(namespace)).findFirst();
  }

  /** The eight of a process. */
  public List<NamespaceView> of(int pid) {
    NamespaceSet set = processes.getOrDefault(pid, NamespaceSet.UNREADABLE);
    List<NamespaceView> views = new ArrayList<>();
    for (NamespaceType type : NamespaceType.values()) {
      Namespace namespace = new Namespace(type, set.inode(type));
      views.add(
          view(namespace)
              .orElse(
                  new NamespaceView(
                      namespace,
                      OptionalLong.empty(),
                      new Isolation.Unreadable("it was not looked at"),
                      List.of())));
    }
    return views;
  }

  /**
   * One line that is different.
   *
   * @param before empty if it was not there
   * @param after empty if it is there no more
   */
  public record Change(
      Namespace namespace, String subject, Optional<String> before, Optional<String> after) {}

  /**
   * What changed since an earlier look in the namespaces that both looked into; which namespaces
   * came and went {@link SnapshotDiff} says.
   */
  public List<Change> since(Look earlier) {
    List<Change> changes = new ArrayList<>();
    for (NamespaceView view : namespaces) {
      earlier
          .view(view.namespace())
          .filter(old -> view.namespace().inode() != 0 && !old.equals(view))
          .ifPresent(old -> changes.addAll(changes(old, view)));
    }
    return changes;
  }

  private static List<Change> changes(NamespaceView before, NamespaceView after) {
    Map<String, String> old = bySubject(before);
    Map<String, String> now = bySubject(after);
    List<Change> changes = new ArrayList<>();
    old.forEach((subject, value) -> {
      if (!value.equals(now.get(subject))) {
        changes.add(change(before, subject, old, now));
      }
    });
    now.keySet().stream()
        .filter(subject -> !old.containsKey(subject))
        .forEach(subject -> changes.add(change(before, subject, old, now)));
    return changes;
  }

  private static Change change(
      NamespaceView view, String subject, Map<String, String> old, Map<String, String> now) {
    return new Change(
        view.namespace(),
        subject,
        Optional.ofNullable(old.get(subject)),
        Optional.ofNullable(now.get(subject)));
  }

  private static Map<String, String> bySubject(NamespaceView view) {
    Map<String, String> lines = new LinkedHashMap<>();
    // Two routes may lead to one place.
    view.lines()
        .forEach(
            line -> lines.merge(line.subject(), line.value(), (one, next) -> one + "; " + next));
    return lines;
  }
}
