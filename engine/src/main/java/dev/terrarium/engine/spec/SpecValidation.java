package dev.terrarium.engine.spec;

import dev.terrarium.engine.observe.NamespaceType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Judges a whole specification before the first system call: a list of small rules. */
public final class SpecValidation {
  /** HOST_NAME_MAX of Linux, in bytes. Source: gethostname(2). */
  private static final int HOST_NAME_MAX = 64;

  /** Bytes; the stub itself and a few page tables fit. */
  private static final long LEAST_MEMORY = 1 << 20;

  /** A rule's answer: what is wrong and what would be right, or nothing. */
  interface Rule {
    Optional<String> judge(ContainerSpec spec, boolean privileged);
  }

  private static final List<Rule> RULES =
      List.of(
          SpecValidation::name,
          SpecValidation::program,
          SpecValidation::hostname,
          SpecValidation::rootNeedsMountNamespace,
          SpecValidation::rootfsIsFolder,
          SpecValidation::procNeedsMountNamespace,
          SpecValidation::procNeedsPidNamespace,
          SpecValidation::network,
          SpecValidation::workdir,
          SpecValidation::environment,
          SpecValidation::cpuLimits,
          SpecValidation::memoryLimits,
          SpecValidation::otherLimits,
          SpecValidation::stopSignal,
          SpecValidation::noNul);

  private SpecValidation() {}

  /**
   * Checks all rules.
   *
   * @throws InvalidSpecException with every problem found
   */
  public static void check(ContainerSpec spec, boolean privileged) {
    List<String> problems =
        Stream.of(RULES, NamespaceRules.ALL, FilesystemRules.ALL, HardeningRules.ALL)
            .flatMap(List::stream)
            .flatMap(rule -> rule.judge(spec, privileged).stream())
            .toList();
    if (!problems.isEmpty()) {
      throw new InvalidSpecException(problems);
    }
  }

  private static Optional<String> name(ContainerSpec spec, boolean privileged) {
    return unless(
        spec.name().matches("[A-Za-z0-9][A-Za-z0-9._-]{0,62}"),
        "name \"%s\": use up to 63 letters, digits, dots, dashes and underscores, a letter or digit first",
        spec.name());
  }

  private static Optional<String> program(ContainerSpec spec, boolean privileged) {
    return unless(
        !spec.program().argv().isEmpty() && !spec.program().argv().getFirst().isEmpty(),
        "no program to run: give a command after the image, such as /bin/sh");
  }

  private static Optional<String> hostname(ContainerSpec spec, boolean privileged) {
    if (spec.hostname().isEmpty()) {
      return Optional.empty();
    }
    String hostname = spec.hostname().get();
    Integer whose = spec.namespaces().joined().get(NamespaceType.UTS);
    if (whose != null) {
      return Optional.of(
          "hostname \"%s\" would rename process %d as well, whose uts namespace is joined: leave one out"
              .formatted(hostname, whose));
    }
    if (!spec.namespaces().makes(NamespaceType.UTS)) {
      return Optional.of(
          "hostname \"%s\" would rename the host itself: add the uts namespace"
              .formatted(hostname));
    }
    int length = hostname.getBytes(StandardCharsets.UTF_8).length;
    return unless(
        length > 0 && length <= HOST_NAME_MAX,
        "hostname of %d bytes: the kernel takes 1 to %d",
        length,
        HOST_NAME_MAX);
  }

  private static Optional<String> rootNeedsMountNamespace(ContainerSpec spec, boolean privileged) {
    return unless(
        spec.files().root() instanceof Root.Host || spec.namespaces().apart(NamespaceType.MNT),
        "a root file system of its own needs a mount namespace: add mnt");
  }

  private static Optional<String> rootfsIsFolder(ContainerSpec spec, boolean privileged) {
    return unless(
        !(spec.files().root() instanceof Root.Folder folder) || Files.isDirectory(folder.rootfs()),
        "root file system %s: no such folder",
        spec.files().root() instanceof Root.Folder folder ? folder.rootfs() : "");
  }

  private static Optional<String> procNeedsMountNamespace(ContainerSpec spec, boolean privileged) {
    return unless(
        spec.files().proc() != Proc.NEW || spec.namespaces().makes(NamespaceType.MNT),
        "a new /proc would be mounted over the host's: add the mnt namespace");
  }

  private static Optional<String> procNeedsPidNamespace(ContainerSpec spec, boolean privileged) {
    Namespaces namespaces = spec.namespaces();
    if (spec.files().proc() != Proc.NEW || !namespaces.apart(NamespaceType.USER)) {
      return Optional.empty();
    }
    if (namespaces.joined().containsKey(NamespaceType.PID)) {
      return unless(
          namespaces.joined().containsKey(NamespaceType.USER),
          "only who owns a pid namespace may mount /proc for it: join the user namespace of process %d as well",
          namespaces.joined().get(NamespaceType.PID));
    }
    return unless(
        namespaces.makes(NamespaceType.PID),
        "a rootless container may mount /proc only for a pid namespace of its own: add pid");
  }

  private static Optional<String> network(ContainerSpec spec, boolean privileged) {
    Integer whose = spec.namespaces().joined().get(NamespaceType.NET);
    if (whose != null && !(spec.network() instanceof Network.Untouched)) {
      return Optional.of(
          "the net namespace of process %d is joined with the network that it has: ask for no other"
              .formatted(whose));
    }
    return unless(
        spec.network() instanceof Network.Untouched || spec.namespaces().makes(NamespaceType.NET),
        "a network of its own would change the interfaces of others: add the net namespace");
  }

  private static Optional<String> workdir(ContainerSpec spec, boolean privileged) {
    return unless(
        spec.program().workdir().startsWith("/"),
        "working directory \"%s\": it must be absolute, as seen inside the container",
        spec.program().workdir());
  }

  private static Optional<String> environment(ContainerSpec spec, boolean privileged) {
    return spec.program().env().stream()
        .filter(entry -> entry.indexOf('=') < 1)
        .findFirst()
        .map(entry -> "environment \"%s\": use KEY=VALUE".formatted(entry));
  }

  /** The kernel's least quota is 1 ms, of a period of 100. */
  private static Optional<String> cpuLimits(ContainerSpec spec, boolean privileged) {
    Limits limits = spec.limits();
    double cpus = limits.cpus().orElse(1);
    if (!(cpus >= 0.01 && cpus <= 8192)) {
      return Optional.of("%s processors: use 0.01 to 8192".formatted(cpus));
    }
    int weight = limits.cpuWeight().orElse(100);
    if (weight < 1 || weight > 10_000) {
      return Optional.of(
          "processor weight %d: use 1 to 10000, of which 100 is usual".formatted(weight));
    }
    String cpuset = limits.cpuset().orElse("0");
    return unless(
        cpuset.matches("\\d{1,5}(-\\d{1,5})?(,\\d{1,5}(-\\d{1,5})?)*"),
        "processors \"%s\": use numbers and ranges, such as 0-1,3",
        cpuset);
  }

  /** Version 1 has one limit for memory and swap together, which needs one for memory. */
  private static Optional<String> memoryLimits(ContainerSpec spec, boolean privileged) {
    Limits limits = spec.limits();
    long memory = limits.memoryBytes().orElse(Long.MAX_VALUE);
    if (memory < LEAST_MEMORY) {
      return Optional.of(
          "memory of %d bytes: use at least %d, or nothing can run"
              .formatted(memory, LEAST_MEMORY));
    }
    long swap = limits.swapBytes().orElse(0);
    return unless(
        limits.swapBytes().isEmpty() || (limits.memoryBytes().isPresent() && swap >= 0),
        "swap of %d bytes: it is what may be used beyond a limit of memory; give that as well, and no negative number",
        swap);
  }

  private static Optional<String> otherLimits(ContainerSpec spec, boolean privileged) {
    if (spec.limits().pids().orElse(1) < 1) {
      return Optional.of(
          "%d processes: use at least 1".formatted(spec.limits().pids().getAsLong()));
    }
    for (Limits.Io io : spec.limits().io()) {
      boolean positive =
          Stream.of(io.readBytes(), io.writeBytes(), io.readOperations(), io.writeOperations())
              .allMatch(most -> most.orElse(1) > 0);
      if (!io.device().matches("\\d{1,7}:\\d{1,7}") || !positive) {
        return Optional.of(
            "throttle of device \"%s\": use MAJOR:MINOR as lsblk shows them, and numbers above 0"
                .formatted(io.device()));
      }
    }
    return Optional.empty();
  }

  private static Optional<String> stopSignal(ContainerSpec spec, boolean privileged) {
    return unless(
        spec.stopSignal() >= 1 && spec.stopSignal() <= 64,
        "stop signal %d: signals have the numbers 1 to 64",
        spec.stopSignal());
  }

  private static Optional<String> noNul(ContainerSpec spec, boolean privileged) {
    return unless(
        Stream.of(
                spec.program().argv().stream(),
                spec.program().env().stream(),
                spec.files().masked().stream(),
                spec.files().readOnly().stream(),
                spec.files().volumes().stream().map(Volume::target))
            .flatMap(texts -> texts)
            .noneMatch(text -> text.indexOf('\0') >= 0),
        "a NUL byte cannot be part of an argument, of the environment or of a path");
  }

  private static Optional<String> unless(boolean right, String format, Object... values) {
    return right ? Optional.empty() : Optional.of(format.formatted(values));
  }
}
