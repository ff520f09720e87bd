package dev.terrarium.engine.spec;

import dev.terrarium.engine.observe.NamespaceType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What {@link SpecValidation} asks of a container's namespaces, new and joined. */
final class NamespaceRules {
  static final List<SpecValidation.Rule> ALL =
      List.of(
          NamespaceRules::rights,
          NamespaceRules::eitherNewOrJoined,
          NamespaceRules::joinedProcessesExist,
          NamespaceRules::joinedFilesStayAsTheyAre,
          NamespaceRules::joinedBelowASwitch,
          NamespaceRules::ownUsersAmongOthers,
          NamespaceRules::clocks,
          NamespaceRules::ranges);

  /** Half of what a clock of the kernel's can count, in nanoseconds. Source: KTIME_SEC_MAX. */
  private static final Duration MOST = Duration.ofSeconds(Long.MAX_VALUE / 1_000_000_000L / 2);

  private NamespaceRules() {}

  private static Optional<String> rights(ContainerSpec spec, boolean privileged) {
    return unless(
        privileged
            || spec.namespaces().apart(NamespaceType.USER)
            || spec.namespaces().fresh().isEmpty(),
        "new namespaces need root, or a user namespace in which you are root: add --rootless");
  }

  private static Optional<String> eitherNewOrJoined(ContainerSpec spec, boolean privileged) {
    return spec.namespaces().joined().keySet().stream()
        .filter(spec.namespaces()::makes)
        .sorted()
        .findFirst()
        .map(type ->
            "%s namespace: it is either new or that of process %d; ask for one of the two"
                .formatted(type.procName(), spec.namespaces().joined().get(type)));
  }

  private static Optional<String> joinedProcessesExist(ContainerSpec spec, boolean privileged) {
    return spec.namespaces().joined().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .filter(entry -> !Files.exists(Path.of("/proc", entry.getValue() + "", "ns")))
        .findFirst()
        .map(entry ->
            "%s namespace of process %d: there is no such process"
                .formatted(entry.getKey().procName(), entry.getValue()));
  }

  private static Optional<String> joinedFilesStayAsTheyAre(ContainerSpec spec, boolean privileged) {
    Integer whose = spec.namespaces().joined().get(NamespaceType.MNT);
    return unless(
        whose == null || spec.files().root() instanceof Root.Host,
        "with the mount namespace of process %d come its files: name no root file system, or do not join it",
        whose == null ? 0 : whose);
  }

  /** Two user namespaces cannot both be the one right above. */
  private static Optional<String> joinedBelowASwitch(ContainerSpec spec, boolean privileged) {
    boolean bridged = spec.network() instanceof Network.Bridge;
    return unless(
        privileged || !bridged || spec.namespaces().joined().isEmpty(),
        "without root a container at the switch has rights below the switch's user namespace only:"
            + " join nobody, or give it no place at the switch");
  }

  /** Its map would have to be written from outside, past those inside, or by their /proc. */
  private static Optional<String> ownUsersAmongOthers(ContainerSpec spec, boolean privileged) {
    Map<NamespaceType, Integer> joined = spec.namespaces().joined();
    boolean amongOthers =
        joined.containsKey(NamespaceType.MNT) || joined.containsKey(NamespaceType.PID);
    return unless(
        privileged || !amongOthers || !spec.namespaces().makes(NamespaceType.USER),
        "without root, files and processes are joined together with their user namespace:"
            + " join user instead of making it");
  }

  private static Optional<String> clocks(ContainerSpec spec, boolean privileged) {
    ClockOffsets clocks = spec.namespaces().clocks();
    if (!spec.namespaces().makes(NamespaceType.TIME)) {
      return unless(
          clocks.equals(ClockOffsets.NONE),
          "clocks that differ need a time namespace of their own: add time");
    }
    return unless(
        clocks.monotonic().abs().compareTo(MOST) < 0 && clocks.boottime().abs().compareTo(MOST) < 0,
        "clocks moved by %s and %s: the kernel takes up to %d years",
        clocks.monotonic(),
        clocks.boottime(),
        MOST.toDays() / 365);
  }

  private static Optional<String> ranges(ContainerSpec spec, boolean privileged) {
    Namespaces namespaces = spec.namespaces();
    if (namespaces.ids() == IdMap.SINGLE || namespaces.joined().containsKey(NamespaceType.USER)) {
      return Optional.empty();
    }
    if (!namespaces.makes(NamespaceType.USER)) {
      return Optional.of(
          "ranges of ids are mapped into a user namespace: add user, or map no ranges");
    }
    boolean below = spec.network() instanceof Network.Bridge || !namespaces.joined().isEmpty();
    return unless(
        privileged || !below,
        "without root, a user namespace below another one has one id to map: map no ranges, or give it"
            + " no place at the switch and join nobody");
  }

  private static Optional<String> unless(boolean right, String format, Object... values) {
    return right ? Optional.empty() : Optional.of(format.formatted(values));
  }
}
