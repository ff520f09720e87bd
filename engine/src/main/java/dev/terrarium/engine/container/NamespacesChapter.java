package dev.terrarium.engine.container;

import dev.terrarium.engine.host.SubordinateIds;
import dev.terrarium.engine.net.Wiring;
import dev.terrarium.engine.observe.NamespaceType;
import dev.terrarium.engine.spec.ContainerSpec;
import dev.terrarium.engine.spec.IdMap;
import dev.terrarium.engine.spec.Namespaces;
import dev.terrarium.engine.step.ExecStep;
import dev.terrarium.engine.step.NamespaceStep;
import dev.terrarium.engine.step.NetworkStep;
import dev.terrarium.engine.step.ProcessStep;
import dev.terrarium.engine.step.Step;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The first chapter of a container's plan: the birth of its first process, in the namespaces that
 * it is to be in.
 *
 * <pre>
 *   stub ──clone──▶ guide ──setns: user first──▶ guide, inside ──clone(CLONE_NEW*)──▶ first process
 *     └──────────────────────── or, where nothing is joined ────────────────────────────┘
 * </pre>
 *
 * Two kinds are not made by that clone. A time namespace is made by unshare(2) for one's children
 * and entered when its clocks are set: time_namespaces(7). A cgroup namespace shows what lies below
 * the cgroup of its maker, and is made once the process has been moved to its own.
 *
 * <p>Where the files or the processes of somebody else are entered, what the first process needs of
 * the host is opened before, and nobody there may trace it on its way in.
 */
final class NamespacesChapter {
  private final ContainerSpec spec;
  private final Namespaces namespaces;
  private final Plan.Ground ground;
  private final List<Step> steps = new ArrayList<>();

  private NamespacesChapter(ContainerSpec spec, Plan.Ground ground) {
    this.spec = spec;
    this.namespaces = spec.namespaces();
    this.ground = ground;
  }

  /** The steps up to a process that dies with the engine, in all but the cgroup namespace. */
  static List<Step> process(ContainerSpec spec, Plan.Ground ground) {
    NamespacesChapter chapter = new NamespacesChapter(spec, ground);
    chapter.goAhead();
    chapter.bear();
    if (spec.namespaces().makes(NamespaceType.TIME) && !amongOthers(spec)) {
      chapter.clocks();
      chapter.steps.add(new NamespaceStep.EnterTime());
    }
    return List.copyOf(chapter.steps);
  }

  /** The steps that connect input and output, or begin the session that has them already. */
  static List<Step> stdio(ContainerSpec spec) {
    return List.of(
        amongOthers(spec)
            ? new ExecStep.BeginSession(spec.stdio())
            : new ProcessStep.ConnectStdio(spec.stdio()));
  }

  /** Whether those inside are there before it: theirs are the files, or they could trace it. */
  private static boolean amongOthers(ContainerSpec spec) {
    Map<NamespaceType, Integer> joined = spec.namespaces().joined();
    return joined.containsKey(NamespaceType.MNT) || joined.containsKey(NamespaceType.PID);
  }

  private void goAhead() {
    if (belowSwitch()) {
      steps.add(new NetworkStep.TurnOnSwitch(true));
      steps.add(new NetworkStep.JoinSwitchUsers());
    }
    if (namespaces.joined().isEmpty()) {
      return;
    }
    steps.add(new ProcessStep.CloneGuide());
    if (amongOthers(spec)) {
      steps.add(new ExecStep.OpenStdio(spec.stdio()));
    }
    ground
        .joining()
        .users()
        .ifPresent(pid -> steps.add(new NamespaceStep.Join(pid, Set.of(NamespaceType.USER))));
    if (amongOthers(spec)) {
      // Its first child will be born there; now the host's /proc can still be found.
      if (namespaces.makes(NamespaceType.TIME)) {
        clocks();
      }
      steps.add(new ExecStep.ForbidTracing());
    }
    Map<Integer, Set<NamespaceType>> byProcess = new TreeMap<>();
    namespaces
        .joined()
        .forEach((type, pid) -> {
          if (type != NamespaceType.USER) {
            byProcess.computeIfAbsent(pid, p -> EnumSet.noneOf(NamespaceType.class)).add(type);
          }
        });
    // Somebody else's /proc may not show the processes that are still to be found.
    byProcess.entrySet().stream()
        .sorted((a, b) ->
            Boolean.compare(
                a.getValue().contains(NamespaceType.MNT), b.getValue().contains(NamespaceType.MNT)))
        .forEach(entry -> steps.add(new NamespaceStep.Join(entry.getKey(), entry.getValue())));
  }

  private void bear() {
    Set<NamespaceType> born = EnumSet.noneOf(NamespaceType.class);
    born.addAll(namespaces.fresh());
    born.remove(NamespaceType.TIME);
    born.remove(NamespaceType.CGROUP);
    steps.add(new ProcessStep.Clone(born));
    if (namespaces.makes(NamespaceType.USER)) {
      steps.add(ids());
    }
    steps.add(new ProcessStep.DieWithEngine());
  }

  private Step ids() {
    if (belowSwitch()) {
      return new NetworkStep.MapIdsBelowSwitch();
    }
    if (ground.joining().users().isPresent()) {
      return new NamespaceStep.MapOwnIds();
    }
    if (namespaces.ids() == IdMap.RANGES) {
      SubordinateIds lent = ground.ids().orElseThrow();
      return new NamespaceStep.MapIdRanges(lent.uids(), lent.gids(), lent.helped());
    }
    return new NamespaceStep.MapIds(ground.uid(), ground.gid());
  }

  private void clocks() {
    steps.add(new NamespaceStep.NewTime());
    steps.add(new NamespaceStep.SetClocks(namespaces.clocks()));
  }

  private boolean belowSwitch() {
    return ground.wiring().filter(Wiring::ownUsers).isPresent();
  }
}
