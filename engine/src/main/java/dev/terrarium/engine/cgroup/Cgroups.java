package dev.terrarium.engine.cgroup;

import dev.terrarium.engine.cgroup.Hierarchy.Version;
import dev.terrarium.engine.observe.Mount;
import dev.terrarium.engine.observe.MountTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The cgroup hierarchies of a host: found in its mount table, not assumed. Source: cgroups(7),
 * proc_pid_mountinfo(5).
 *
 * @param hierarchies in the order in which they are mounted, each once
 */
public record Cgroups(List<Hierarchy> hierarchies) {

  /** Which versions a host has. */
  public enum Layout {
    NONE,
    V1,
    V2,
    /** Version 1 has controllers, and a tree of version 2 is mounted as well. */
    HYBRID
  }

  public Cgroups {
    hierarchies = List.copyOf(hierarchies);
  }

  /** Those of this process's host. */
  public static Cgroups find() {
    return find(Path.of("/"));
  }

  /**
   * Those of a host whose root folder that is: the live one, or a copy of a few of its files.
   *
   * @throws UncheckedIOException if there is no {@code /proc}
   */
  public static Cgroups find(Path root) {
    return find(root, "self");
  }

  /**
   * The same hierarchies, and in each the cgroup in which that process is.
   *
   * @throws UncheckedIOException if it is gone
   */
  public static Cgroups of(int pid) {
    return find(Path.of("/"), Integer.toString(pid));
  }

  private static Cgroups find(Path root, String process) {
    try {
      Path proc = root.resolve("proc");
      byte[] mountinfo = Files.readAllBytes(proc.resolve("self/mountinfo"));
      Set<String> v1Names = v1Controllers(proc);
      List<String> memberships = Files.readAllLines(proc.resolve(process + "/cgroup"));
      List<Hierarchy> found = new ArrayList<>();
      Set<String> devices = new HashSet<>();
      for (Mount mount : MountTable.parse(mountinfo, mountinfo.length)) {
        Optional<Version> version = version(mount.fsType());
        // A file system of ours may be mounted a second time, for a container.
        if (version.isPresent() && devices.add(mount.device())) {
          found.add(hierarchy(root, mount, version.get(), v1Names, memberships));
        }
      }
      return new Cgroups(found);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<Version> version(String fsType) {
    return switch (fsType) {
      case "cgroup" -> Optional.of(Version.V1);
      case "cgroup2" -> Optional.of(Version.V2);
      default -> Optional.empty();
    };
  }

  private static Hierarchy hierarchy(
      Path root, Mount mount, Version version, Set<String> v1Names, List<String> memberships) {
    Path mountPoint = root.resolve(Path.of("/").relativize(Path.of(mount.mountPoint())));
    Set<String> options = new HashSet<>(Arrays.asList(mount.superOptions().split(",")));
    return switch (version) {
      case V1 -> {
        Set<String> controllers = new HashSet<>(options);
        controllers.retainAll(v1Names);
        String which =
            Arrays.stream(mount.superOptions().split(","))
                .filter(option -> controllers.contains(option) || option.startsWith("name="))
                .collect(Collectors.joining(","));
        yield new Hierarchy(
            version, mountPoint, controllers, which, own(memberships, options, mount));
      }
      case V2 ->
          new Hierarchy(
              version,
              mountPoint,
              CgroupFile.words(mountPoint.resolve("cgroup.controllers")),
              "",
              own(memberships, Set.of(""), mount));
    };
  }

  /**
   * The first column of {@code /proc/cgroups}. A kernel without version 1 may not have that file.
   */
  private static Set<String> v1Controllers(Path proc) throws IOException {
    Path table = proc.resolve("cgroups");
    if (!Files.exists(table)) {
      return Set.of();
    }
    return Files.readAllLines(table).stream()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.split("\\s", 2)[0])
        .collect(Collectors.toSet());
  }

  /**
   * From a line {@code 4:cpu,cpuacct:/user.slice}, whose second field is empty for version 2; the
   * mount point itself if this process is outside of what is mounted.
   */
  private static Path own(List<String> memberships, Set<String> names, Mount mount) {
    Path mounted = Path.of(mount.root());
    return memberships.stream()
        .map(line -> line.split(":", 3))
        .filter(fields -> fields.length == 3)
        .filter(fields -> Arrays.stream(fields[1].split(",")).anyMatch(names::contains))
        .map(fields -> Path.of(fields[2]))
        .filter(cgroup -> cgroup.startsWith(mounted) && cgroup.equals(cgroup.normalize()))
        .findFirst()
        .map(mounted::relativize)
        .orElse(Path.of(""));
  }

  public Layout layout() {
    boolean v1 = hierarchies.stream().anyMatch(h -> h.version() == Version.V1);
    if (unified().isEmpty()) {
      return v1 ? Layout.V1 : Layout.NONE;
    }
    return v1 ? Layout.HYBRID : Layout.V2;
  }

  /** The tree of version 2. */
  public Optional<Hierarchy> unified() {
    return hierarchies.stream().filter(h -> h.version() == Version.V2).findFirst();
  }

  /** The tree of version 1 that has the controller. */
  public Optional<Hierarchy> v1(String controller) {
    return hierarchies.stream()
        .filter(h -> h.version() == Version.V1 && h.controllers().contains(controller))
        .findFirst();
  }
}
