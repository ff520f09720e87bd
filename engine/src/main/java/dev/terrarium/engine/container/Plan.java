package dev.terrarium.engine.container;

import dev.terrarium.engine.capability.CapabilitySet;
import dev.terrarium.engine.cgroup.Cgroup;
import dev.terrarium.engine.cgroup.DeviceRule;
import dev.terrarium.engine.cgroup.Hierarchy;
import dev.terrarium.engine.host.SubordinateIds;
import dev.terrarium.engine.net.Wiring;
import dev.terrarium.engine.observe.NamespaceType;
import dev.terrarium.engine.spec.ContainerSpec;
import dev.terrarium.engine.spec.Hardening;
import dev.terrarium.engine.spec.Network;
import dev.terrarium.engine.step.CgroupStep;
import dev.terrarium.engine.step.NamespaceStep;
import dev.terrarium.engine.step.NetworkStep;
import dev.terrarium.engine.step.ProcessStep;
import dev.terrarium.engine.step.Step;
import dev.terrarium.engine.step.WireStep;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * From what a container is to be to the steps that make it so: pure. {@link #of} is the table of
 * contents of a container, and each chapter a method.
 */
public final class Plan {

  /**
   * What a plan is made for, beside the specification.
   *
   * @param layers the read-only layers of the root file system, top first; none if the root is the
   *     host's
   * @param folder the container's own folder, for its writable layer
   * @param uid who runs the engine, for the user namespace's mapping
   * @param cgroup the container's own, if it is to have one
   * @param wiring its place at the switch, if it is to have one
   * @param joining what must be known of the processes whose namespaces it enters
   * @param ids those that are lent to its users, if it is to have many
   * @param hierarchies of cgroups that the host has
   */
  public record Ground(
      List<Path> layers,
      Path folder,
      int uid,
      int gid,
      Optional<Cgroup> cgroup,
      Optional<Wiring> wiring,
      Joining joining,
      Optional<SubordinateIds> ids,
      List<Hierarchy> hierarchies) {
    public Ground {
      layers = List.copyOf(layers);
      hierarchies = List.copyOf(hierarchies);
    }

    /** For a container that joins nobody, has at most one id, and needs not know of cgroups. */
    public Ground(
        List<Path> layers,
        Path folder,
        int uid,
        int gid,
        Optional<Cgroup> cgroup,
        Optional<Wiring> wiring) {
      this(layers, folder, uid, gid, cgroup, wiring, Joining.NOBODY, Optional.empty(), List.of());
    }
  }

  private final ContainerSpec spec;
  private final Ground ground;
  private final List<Step> steps = new ArrayList<>();

  private Plan(ContainerSpec spec, Ground ground) {
    this.spec = spec;
    this.ground = ground;
  }

  /** The steps, in order. */
  public static List<Step> of(ContainerSpec spec, Ground ground) {
    Plan plan = new Plan(spec, ground);
    plan.steps.addAll(NamespacesChapter.process(spec, ground));
    plan.cgroup();
    plan.steps.addAll(NamespacesChapter.stdio(spec));
    plan.steps.addAll(FilesChapter.furnish(spec, ground));
    plan.network();
    plan.hostname();
    plan.steps.addAll(FilesChapter.enter(spec, ground));
    plan.workdir();
    plan.line();
    plan.steps.addAll(
        HardeningChapter.of(forbidsDevices(spec, ground) ? withoutMknod(spec) : spec));
    plan.steps.add(new ProcessStep.Exec(spec.program().argv(), spec.program().env()));
    return List.copyOf(plan.steps);
  }

  /** In a user namespace nobody can open a node that he has made: user_namespaces(7). */
  public static boolean guardsDevices(ContainerSpec spec) {
    return spec.hardening().devices() && !spec.namespaces().apart(NamespaceType.USER);
  }

  /** Whether devices are to be guarded, and no cgroup does it. */
  static boolean forbidsDevices(ContainerSpec spec, Ground ground) {
    return guardsDevices(spec)
        && ground.uid() == 0
        && ground.cgroup().filter(cgroup -> cgroup.driver().guardsDevices()).isEmpty();
  }

  private static ContainerSpec withoutMknod(ContainerSpec spec) {
    Hardening hardening = spec.hardening();
    Set<String> kept =
        new HashSet<>(
            hardening.capabilities().orElseGet(() -> Set.copyOf(CapabilitySet.ALL.names())));
    kept.remove("CAP_MKNOD");
    return spec.withHardening(hardening.withCapabilities(kept));
  }

  private void cgroup() {
    ground
        .cgroup()
        .ifPresent(cgroup -> {
          steps.add(new CgroupStep.MakeCgroup(cgroup, spec.limits()));
          steps.add(new CgroupStep.EnterCgroup(cgroup));
          if (guardsDevices(spec) && cgroup.driver().guardsDevices()) {
            steps.add(new CgroupStep.GuardDevices(cgroup, DeviceRule.USUAL));
          }
        });
    if (spec.namespaces().makes(NamespaceType.CGROUP)) {
      steps.add(new NamespaceStep.NewCgroupView());
    }
  }

  private void network() {
    if (!(spec.network() instanceof Network.Untouched)) {
      steps.add(new NetworkStep.LoopbackUp());
    }
    if (spec.network() instanceof Network.Bridge bridge) {
      Wiring wiring = ground.wiring().orElseThrow();
      if (!wiring.ownUsers()) {
        steps.add(new NetworkStep.TurnOnSwitch(false));
      }
      steps.add(new NetworkStep.PlugIn(wiring));
      steps.add(new NetworkStep.AssignAddress(wiring));
      if (bridge.nat()) {
        steps.add(new NetworkStep.PlugInHost(wiring));
        steps.add(new NetworkStep.DefaultRoute(wiring));
        steps.add(new NetworkStep.Masquerade(wiring));
      }
    }
  }

  private void hostname() {
    spec.hostname().ifPresent(hostname -> steps.add(new NamespaceStep.SetHostname(hostname)));
  }

  private void line() {
    if (spec.wire()) {
      steps.add(new WireStep.OpenLine());
    }
  }

  private void workdir() {
    boolean thereAlready = !ground.layers().isEmpty() && spec.program().workdir().equals("/");
    if (!thereAlready) {
      steps.add(new ProcessStep.ChangeDirectory(spec.program().workdir()));
    }
  }
}
