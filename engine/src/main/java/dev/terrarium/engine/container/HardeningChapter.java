package dev.terrarium.engine.container;

import dev.terrarium.engine.capability.CapabilitySet;
import dev.terrarium.engine.observe.NamespaceType;
import dev.terrarium.engine.spec.ContainerSpec;
import dev.terrarium.engine.spec.Hardening;
import dev.terrarium.engine.spec.IdMap;
import dev.terrarium.engine.spec.Program.User;
import dev.terrarium.engine.spec.Stdio;
import dev.terrarium.engine.step.HardeningStep;
import dev.terrarium.engine.step.Step;
import dev.terrarium.engine.step.WireStep;
import dev.terrarium.engine.syscall.ResourceLimit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The last chapter of a container's plan before it becomes its program, and so of whatever else is
 * to run in the container.
 *
 * <p>The order is not free. What needs a capability comes before the capabilities go: system call
 * filters (without no_new_privs), raised limits, the bounding set, other users. The change of user
 * closes {@code /proc/PID} to an engine that is not root, so what is done through it comes before.
 * A limit on open files must not hit the engine's own work.
 */
final class HardeningChapter {
  private final ContainerSpec spec;
  private final Hardening hardening;
  private final List<Step> steps = new ArrayList<>();

  private HardeningChapter(ContainerSpec spec) {
    this.spec = spec;
    this.hardening = spec.hardening();
  }

  /** The steps, in order. */
  static List<Step> of(ContainerSpec spec) {
    HardeningChapter chapter = new HardeningChapter(spec);
    chapter.surroundings();
    chapter.promises();
    chapter.resources();
    chapter.credentials();
    return List.copyOf(chapter.steps);
  }

  private void surroundings() {
    if (hardening.closeDescriptors()) {
      steps.add(new HardeningStep.CloseDescriptors());
    }
    hardening
        .oomScoreAdjust()
        .ifPresent(score -> steps.add(new HardeningStep.AdjustOomScore(score)));
  }

  private void promises() {
    if (hardening.noNewPrivileges()) {
      steps.add(new HardeningStep.ForbidNewPrivileges());
    }
    if (hardening.denyList()) {
      steps.add(new HardeningStep.RefuseCalls(kept().orElse(CapabilitySet.ALL)));
    }
    if (spec.wire()) {
      steps.add(new WireStep.ListenToCalls());
    }
  }

  private void resources() {
    hardening.resourceLimits().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(entry ->
            steps.add(
                new HardeningStep.LimitResource(
                    ResourceLimit.named(entry.getKey()).orElseThrow(), entry.getValue())));
  }

  private void credentials() {
    User user = spec.program().user();
    Optional<CapabilitySet> kept = kept();
    kept.ifPresent(set -> steps.add(new HardeningStep.DropBoundingSet(set)));
    if (user.uid() != 0 && spec.stdio() != Stdio.NULL) {
      steps.add(new HardeningStep.HandOverStdio(user.uid()));
    }
    // Where only one id is mapped, the kernel denies setgroups(2): user_namespaces(7).
    boolean othersExist =
        !spec.namespaces().apart(NamespaceType.USER) || spec.namespaces().ids() == IdMap.RANGES;
    if (othersExist && (kept.isPresent() || !user.equals(User.ROOT))) {
      steps.add(new HardeningStep.ChangeUser(user));
    }
    if (user.uid() == 0) {
      kept.ifPresent(set -> steps.add(new HardeningStep.LimitCapabilities(set)));
    }
  }

  private Optional<CapabilitySet> kept() {
    return hardening.capabilities().map(CapabilitySet::named);
  }
}
