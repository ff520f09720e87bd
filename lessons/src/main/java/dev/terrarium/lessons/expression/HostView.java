package dev.terrarium.lessons.expression;

import java.util.List;

/**
 * The host as expressions see it.
 *
 * @param processes all, by ascending number
 * @param ns the host's own namespaces
 */
public record HostView(List<ProcessView> processes, NamespaceView ns) {
  public HostView {
    processes = List.copyOf(processes);
  }
}
