package dev.terrarium.lessons.expression;

import java.util.List;

/**
 * The lesson's container as expressions see it.
 *
 * @param pid its first process's number on the host; stays after its end; 0 before any was started
 * @param running whether its first process lives
 * @param status {@code none}, {@code running}, {@code exited 0}, {@code killed by SIGKILL}
 * @param processes those in its pid namespace; without one of its own, the first process and its
 *     descendants
 * @param ns its first process's namespaces; stay after its end
 * @param procfs what its {@code /proc} shows: {@code own}, {@code host}, {@code none}
 * @param layers of its root, the writable one first; none if its root is no union
 * @param files what it sees of them, by path
 * @param cgroup its cgroup
 */
public record ContainerView(
    long pid,
    boolean running,
    String status,
    List<ProcessView> processes,
    NamespaceView ns,
    String procfs,
    List<LayerView> layers,
    List<FileView> files,
    CgroupView cgroup) {
  public ContainerView {
    processes = List.copyOf(processes);
    layers = List.copyOf(layers);
    files = List.copyOf(files);
  }
}
