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
          SpecValidation::timeNamespace,
          SpecValidation::network,
          SpecValidation::rights,
          SpecValidation::workdir,
          SpecValidation::environment,
          SpecValidation::noNul);

  private SpecValidation() {}

  /**
   * Checks all rules.
   *
   * @throws InvalidSpecException with every problem found
   */
  public static void check(ContainerSpec spec, boolean privileged) {
    List<String> problems =
        Stream.concat(RULES.stream(), HardeningRules.ALL.stream())
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
        spec.files().root() instanceof Root.Host || spec.namespaces().makes(NamespaceType.MNT),
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
    return unless(
        spec.files().proc() != Proc.NEW
            || !spec.rootless()
            || spec.namespaces().makes(NamespaceType.PID),
        "a rootless container may mount /proc only for a pid namespace of its own: add pid");
  }

  private static Optional<String> timeNamespace(ContainerSpec spec, boolean privileged) {
    return unless(
        !spec.namespaces().makes(NamespaceType.TIME),
        "clone(2) has no room for CLONE_NEWTIME: leave the time namespace out");
  }

  private static Optional<String> network(ContainerSpec spec, boolean privileged) {
    return unless(
        spec.network() instanceof Network.Untouched || spec.namespaces().makes(NamespaceType.NET),
        "a network of its own would change the interfaces of others: add the net namespace");
  }

  private static Optional<String> rights(ContainerSpec spec, boolean privileged) {
    return unless(
        privileged || spec.rootless() || spec.namespaces().fresh().isEmpty(),
        "new namespaces need root, or a user namespace in which you are root: add --rootless");
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

  private static Optional<String> noNul(ContainerSpec spec, boolean privileged) {
    return unless(
        Stream.concat(spec.program().argv().stream(), spec.program().env().stream())
            .noneMatch(text -> text.indexOf('\0') >= 0),
        "a NUL byte cannot be part of an argument or of the environment");
  }

  private static Optional<String> unless(boolean right, String format, Object... values) {
    return right ? Optional.empty() : Optional.of(format.formatted(values));
  }
}
