package dev.terrarium.engine.spec;

import dev.terrarium.engine.capability.Capability;
import dev.terrarium.engine.observe.NamespaceType;
import dev.terrarium.engine.spec.Hardening.Rlimit;
import dev.terrarium.engine.spec.Program.User;
import dev.terrarium.engine.syscall.ResourceLimit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What {@link SpecValidation} asks of a container's user and of what it is kept from. */
final class HardeningRules {
  static final List<SpecValidation.Rule> ALL =
      List.of(
          HardeningRules::user,
          HardeningRules::capabilityNames,
          HardeningRules::capabilitiesToGiveUp,
          HardeningRules::filterNeedsPromise,
          HardeningRules::resourceLimits,
          HardeningRules::oomScore);

  /** Source: proc_pid_oom_score_adj(5). */
  private static final int OOM_SCORE_MAX = 1000;

  private HardeningRules() {}

  private static Optional<String> user(ContainerSpec spec, boolean privileged) {
    User user = spec.program().user();
    if (user.uid() < 0 || user.gid() < 0 || user.groups().stream().anyMatch(gid -> gid < 0)) {
      return Optional.of("user %s: ids begin at 0".formatted(user));
    }
    if (user.equals(User.ROOT)) {
      return Optional.empty();
    }
    if (apart(spec) && spec.namespaces().ids() == IdMap.SINGLE) {
      return Optional.of(
          "user %d:%d: with a single mapping there is no id but 0; map ranges of ids"
              .formatted(user.uid(), user.gid()));
    }
    return unless(
        privileged || apart(spec),
        "user %d:%d: only root may become somebody else; run as root, or add --rootless"
            .formatted(user.uid(), user.gid()));
  }

  private static Optional<String> capabilityNames(ContainerSpec spec, boolean privileged) {
    return spec.hardening().capabilities().stream()
        .flatMap(names -> names.stream().sorted())
        .filter(name -> Capability.named(name).isEmpty())
        .findFirst()
        .map(name ->
            "capability \"%s\": there is none of that name; use one of capabilities(7), such as CAP_CHOWN"
                .formatted(name));
  }

  private static Optional<String> capabilitiesToGiveUp(ContainerSpec spec, boolean privileged) {
    return unless(
        spec.hardening().capabilities().isEmpty() || privileged || apart(spec),
        "capabilities: an ordinary user has none to give up; leave them out, or add --rootless");
  }

  /** Else a set-user-ID program would run under a filter that it knows nothing of: seccomp(2). */
  private static Optional<String> filterNeedsPromise(ContainerSpec spec, boolean privileged) {
    boolean filtered = spec.hardening().denyList() || spec.wire();
    return unless(
        !filtered || spec.hardening().noNewPrivileges() || privileged || apart(spec),
        "a filter of system calls: an ordinary user must give up new privileges first; add no_new_privs");
  }

  private static Optional<String> resourceLimits(ContainerSpec spec, boolean privileged) {
    return spec.hardening().resourceLimits().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .flatMap(entry -> problem(entry.getKey(), entry.getValue()).stream())
        .findFirst();
  }

  private static Optional<String> problem(String name, Rlimit limit) {
    if (ResourceLimit.named(name).isEmpty()) {
      return Optional.of(
          "resource limit \"%s\": use one of %s"
              .formatted(
                  name,
                  Arrays.stream(ResourceLimit.values())
                      .map(Enum::name)
                      .collect(Collectors.joining(", "))));
    }
    if (limit.soft() < Rlimit.UNLIMITED || limit.hard() < Rlimit.UNLIMITED) {
      return Optional.of("resource limit %s: a limit is 0 or more, or -1 for none".formatted(name));
    }
    // As unsigned numbers, -1 is the greatest: so the kernel compares them.
    return unless(
        Long.compareUnsigned(limit.soft(), limit.hard()) <= 0,
        "resource limit %s: the soft limit %d is above the hard limit %d; give the lower one first"
            .formatted(name, limit.soft(), limit.hard()));
  }

  private static Optional<String> oomScore(ContainerSpec spec, boolean privileged) {
    return unless(
        Math.abs(spec.hardening().oomScoreAdjust().orElse(0)) <= OOM_SCORE_MAX,
        "OOM score adjustment %d: use -1000 (never a victim) to 1000 (always the first)"
            .formatted(spec.hardening().oomScoreAdjust().orElse(0)));
  }

  /** Whether it has rights of its own, in a user namespace. */
  private static boolean apart(ContainerSpec spec) {
    return spec.namespaces().apart(NamespaceType.USER);
  }

  private static Optional<String> unless(boolean right, String problem) {
    return right ? Optional.empty() : Optional.of(problem);
  }
}
