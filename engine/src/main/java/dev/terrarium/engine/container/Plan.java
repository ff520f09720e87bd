package dev.terrarium.engine.container;

import dev.terrarium.engine.observe.NamespaceType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * From what a container is to be to the steps that make it so: pure, the table of contents of a
 * container.
 */
public final class Plan {
  private Plan() {}

  /**
   * The steps, in order.
   *
   * @param layers the read-only layers of the root file system, top first; none if the root is the
   *     host's
   * @param folder the container's own folder, for its writable layer
   * @param uid who runs the engine, for the user namespace's mapping
   */
  public static List<Step> of(
      ContainerSpec spec, List<Path> layers, Path folder, int uid, int gid) {
    List<Step> steps = new ArrayList<>();
    steps.add(new Step.Clone(spec.namespaces()));
    if (spec.rootless()) {
      steps.add(new Step.MapIds(uid, gid));
    }
    steps.add(new Step.DieWithEngine());
    steps.add(new Step.ConnectStdio(spec.stdio()));
    if (spec.namespaces().contains(NamespaceType.MNT)) {
      steps.add(new Step.MakeMountsPrivate());
    }
    Path root = Path.of("/");
    if (!layers.isEmpty()) {
      root = folder.resolve("merged");
      steps.add(
          new Step.MountOverlay(layers, folder.resolve("upper"), folder.resolve("work"), root));
    }
    switch (spec.proc()) {
      case NEW -> steps.add(new Step.MountProc(root.resolve("proc")));
      case HOST -> {
        if (!layers.isEmpty()) {
          steps.add(new Step.BindHostProc(root.resolve("proc")));
        }
      }
      case NONE -> {}
    }
    spec.hostname().ifPresent(hostname -> steps.add(new Step.SetHostname(hostname)));
    if (!layers.isEmpty()) {
      steps.add(new Step.PivotRoot(root));
    }
    boolean thereAlready = !layers.isEmpty() && spec.workdir().equals("/");
    if (!thereAlready) {
      steps.add(new Step.ChangeDirectory(spec.workdir()));
    }
    steps.add(new Step.Exec(spec.argv(), spec.env()));
    return List.copyOf(steps);
  }
}
