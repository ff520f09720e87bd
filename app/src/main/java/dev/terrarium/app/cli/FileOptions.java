package dev.terrarium.app.cli;

import dev.terrarium.engine.spec.Filesystem;
import dev.terrarium.engine.spec.Filesystem.Entry;
import dev.terrarium.engine.spec.Filesystem.Propagation;
import dev.terrarium.engine.spec.Proc;
import dev.terrarium.engine.spec.Root;
import dev.terrarium.engine.spec.Volume;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a container sees as files. */
final class FileOptions {
  @Option(
      names = "--rootfs",
      paramLabel = "DIR",
      description = "Its root, a folder instead of an image; it is only read.")
  private @Nullable Path rootfs;

  @Option(
      names = {"-v", "--volume"},
      paramLabel = "[SRC:]DST[:ro]",
      description = {
        "A folder or file of the host at a path inside; without SRC an empty folder that goes when"
            + " the container goes. Can be repeated."
      })
  private List<String> volumes = new ArrayList<>();

  @Option(
      names = "--writable-size",
      paramLabel = "SIZE",
      description = "The most that its writable layer may hold; it is in memory then.")
  private @Nullable String writableSize;

  @Option(
      names = "--propagation",
      paramLabel = "private|slave|shared",
      description = {
        "Whether later mounts of the host appear inside (slave), and of volumes also the other way"
            + " round (shared). Default: private."
      })
  private @Nullable Propagation propagation;

  @Option(
      names = "--root-entry",
      paramLabel = "pivot|chroot",
      description = "How its root becomes /: pivot_root(2), the default, or chroot(2).")
  private String entry = "pivot";

  @Option(
      names = "--no-init-layer",
      description = "No /etc/hostname, /etc/hosts, /etc/resolv.conf of its own.")
  private boolean noInitLayer;

  @Option(names = "--no-dev", description = "No /dev of its own; then nothing can be masked.")
  private boolean noDev;

  @Option(names = "--no-sys", description = "No /sys.")
  private boolean noSys;

  @Option(
      names = "--no-masked-paths",
      description = "Nothing of /proc and /sys is hidden or read-only.")
  private boolean noMaskedPaths;

  @Option(
      names = "--cgroup-aware",
      description = {
        "/proc/meminfo, stat, uptime and the like tell of its cgroup, not of the whole host."
      })
  private boolean cgroupAware;

  /** Whether it needs a cgroup to tell of. */
  boolean cgroupAware() {
    return cgroupAware;
  }

  /** The folder that was named as root, if one was. */
  Optional<Path> rootfs() {
    if (rootfs != null && !Files.isDirectory(rootfs)) {
      throw Failure.of(
          "--rootfs %s: %s"
              .formatted(
                  rootfs, Files.exists(rootfs) ? "is not a folder" : "there is no such folder"));
    }
    return Optional.ofNullable(rootfs).map(folder -> folder.toAbsolutePath().normalize());
  }

  /**
   * All of it.
   *
   * @param bare whether it is to be the plainest
   * @param imageVolumes the paths at which the image wants volumes
   */
  Filesystem files(Root root, Proc proc, boolean bare, List<String> imageVolumes) {
    Filesystem files = bare ? Filesystem.bare(root, proc) : furnished(root, proc);
    files =
        files.withEntry(entry()).withVolumes(volumes(imageVolumes)).withCgroupAware(cgroupAware);
    if (propagation != null) {
      files = files.withPropagation(propagation);
    }
    return writableSize == null
        ? files
        : files.withWritableBytes(Sizes.parse("--writable-size", writableSize));
  }

  private Filesystem furnished(Root root, Proc proc) {
    Filesystem files = Filesystem.usual(root, proc);
    if (noInitLayer) {
      files = files.withInitLayer(false);
    }
    if (noDev) {
      files = files.withDev(false);
    }
    if (noSys) {
      files = files.withSys(false);
    }
    // A file is hidden under /dev/null.
    return noMaskedPaths || noDev ? files.withMasked(List.of()).withReadOnly(List.of()) : files;
  }

  private Entry entry() {
    return switch (entry) {
      case "pivot" -> Entry.PIVOT_ROOT;
      case "chroot" -> Entry.CHROOT;
      default -> throw Failure.usage("--root-entry: '" + entry + "' is neither pivot nor chroot");
    };
  }

  private List<Volume> volumes(List<String> imageVolumes) {
    List<Volume> all = new ArrayList<>();
    for (String word : volumes) {
      all.add(volume(word));
    }
    for (String target : imageVolumes) {
      if (all.stream().noneMatch(volume -> volume.target().equals(target))) {
        all.add(new Volume(Optional.empty(), target, false));
      }
    }
    return all;
  }

  private static Volume volume(String word) {
    String[] parts = word.split(":", -1);
    if (parts.length == 1) {
      return new Volume(Optional.empty(), target(word, parts[0]), false);
    }
    boolean readOnly = parts.length == 3 && parts[2].equals("ro");
    boolean understood =
        parts.length == 2 || readOnly || (parts.length == 3 && parts[2].equals("rw"));
    if (!understood || parts[0].isEmpty()) {
      throw Failure.usage("-v: '" + word + "' is not SRC:DST, SRC:DST:ro or DST");
    }
    Path source = Path.of(parts[0]).toAbsolutePath().normalize();
    if (!Files.exists(source)) {
      throw Failure.of(
          "-v %s: there is no %s on the host; make it first, or give only %s for an empty folder"
              .formatted(word, source, parts[1]));
    }
    return new Volume(Optional.of(source), target(word, parts[1]), readOnly);
  }

  private static String target(String word, String target) {
    if (!target.startsWith("/")) {
      throw Failure.usage(
          "-v: '%s': the path inside, '%s', must begin with /".formatted(word, target));
    }
    return target;
  }
}
