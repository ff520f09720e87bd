package dev.terrarium.engine.spec;

import dev.terrarium.engine.observe.NamespaceType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What {@link SpecValidation} asks of what a container sees as files. */
final class FilesystemRules {
  static final List<SpecValidation.Rule> ALL =
      List.of(
          FilesystemRules::hostRootStaysAsItIs,
          FilesystemRules::pathsNeedMountNamespace,
          FilesystemRules::pathsAreAbsolute,
          FilesystemRules::masksNeedNullDevice,
          FilesystemRules::writableLayerHasRoom,
          FilesystemRules::sharedPropagation,
          FilesystemRules::cgroupAwareFiles,
          FilesystemRules::volumes);

  /** With less, overlayfs finds no room to begin with; 0 would mean no limit to tmpfs. */
  private static final long LEAST_WRITABLE = 64 * 1024;

  private FilesystemRules() {}

  private static Optional<String> hostRootStaysAsItIs(ContainerSpec spec, boolean privileged) {
    Filesystem files = spec.files();
    boolean furnished =
        files.initLayer()
            || files.dev()
            || files.sys()
            || files.writableBytes().isPresent()
            || files.entry() == Filesystem.Entry.CHROOT
            || !files.volumes().isEmpty();
    return unless(
        !(files.root() instanceof Root.Host) || !furnished,
        "the host's root stays as it is: for an init layer, /dev, /sys, a limit, a chroot or volumes,"
            + " name an image or a folder as root");
  }

  private static Optional<String> pathsNeedMountNamespace(ContainerSpec spec, boolean privileged) {
    Filesystem files = spec.files();
    return unless(
        (files.masked().isEmpty() && files.readOnly().isEmpty())
            || spec.namespaces().makes(NamespaceType.MNT),
        "masked and read-only paths would be so for the host as well: add the mnt namespace");
  }

  private static Optional<String> pathsAreAbsolute(ContainerSpec spec, boolean privileged) {
    return Stream.concat(spec.files().masked().stream(), spec.files().readOnly().stream())
        .filter(path -> !path.startsWith("/") || path.equals("/"))
        .findFirst()
        .map(path ->
            "masked or read-only path \"%s\": it must be absolute, and not / itself"
                .formatted(path));
  }

  private static Optional<String> masksNeedNullDevice(ContainerSpec spec, boolean privileged) {
    Filesystem files = spec.files();
    return unless(
        files.masked().isEmpty() || files.dev() || files.root() instanceof Root.Host,
        "files are hidden under /dev/null, which is only there with a /dev: add it, or mask nothing");
  }

  private static Optional<String> writableLayerHasRoom(ContainerSpec spec, boolean privileged) {
    return unless(
        spec.files().writableBytes().orElse(LEAST_WRITABLE) >= LEAST_WRITABLE,
        "a writable layer of %d bytes: it needs at least %d",
        spec.files().writableBytes().orElse(0),
        LEAST_WRITABLE);
  }

  private static Optional<String> sharedPropagation(ContainerSpec spec, boolean privileged) {
    if (spec.files().propagation() == Filesystem.Propagation.PRIVATE) {
      return Optional.empty();
    }
    if (!spec.namespaces().makes(NamespaceType.MNT)) {
      return Optional.of(
          "without a mount namespace of its own there is nothing to propagate: add mnt");
    }
    if (spec.files().propagation() == Filesystem.Propagation.SLAVE) {
      return Optional.empty();
    }
    if (spec.namespaces().apart(NamespaceType.USER)) {
      return Optional.of(
          "a user namespace only ever receives mounts: use slave propagation instead of shared");
    }
    return unless(
        !(spec.files().root() instanceof Root.Host),
        "shared propagation would mount on the host itself: use slave, or a root of its own");
  }

  private static Optional<String> cgroupAwareFiles(ContainerSpec spec, boolean privileged) {
    if (!spec.files().cgroupAware()) {
      return Optional.empty();
    }
    if (!spec.namespaces().makes(NamespaceType.MNT)) {
      return Optional.of("cgroup-aware files would cover the host's own: add the mnt namespace");
    }
    if (spec.files().proc() == Proc.NONE && !(spec.files().root() instanceof Root.Host)) {
      return Optional.of("cgroup-aware files cover those of a /proc: give the container one");
    }
    return unless(
        spec.limits().wanted(),
        "cgroup-aware files tell of a cgroup: give the container a limit, or let it be counted");
  }

  private static Optional<String> volumes(ContainerSpec spec, boolean privileged) {
    return spec.files().volumes().stream()
        .filter(volume -> volume.target().indexOf('\0') < 0)
        .flatMap(volume -> problem(volume).stream())
        .findFirst();
  }

  private static Optional<String> problem(Volume volume) {
    if (!volume.target().startsWith("/")
        || Path.of(volume.target()).normalize().equals(Path.of("/"))) {
      return Optional.of(
          "volume target \"%s\": it must be absolute, as seen inside the container, and not / itself"
              .formatted(volume.target()));
    }
    if (volume.source().isEmpty()) {
      return Optional.empty();
    }
    Path source = volume.source().get();
    if (!source.isAbsolute()) {
      return Optional.of("volume source \"%s\": it must be absolute".formatted(source));
    }
    return unless(
        Files.exists(source), "volume source %s: no such file or folder on the host", source);
  }

  private static Optional<String> unless(boolean right, String format, Object... values) {
    return right ? Optional.empty() : Optional.of(format.formatted(values));
  }
}
