package dev.terrarium.engine.cgroup;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A tree of cgroups that is mounted. Source: cgroups(7).
 *
 * @param version of the interface of its files
 * @param mountPoint where its topmost visible cgroup is
 * @param controllers that it has; of version 2 those that its topmost visible cgroup may hand down
 * @param options by which mount(8) finds it again, such as {@code cpu,cpuacct} or {@code
 *     name=systemd}; none for version 2
 * @param own in which cgroup of it this process is, relative to the mount point
 */
public record Hierarchy(
    Version version, Path mountPoint, Set<String> controllers, String options, Path own) {

  /** Of the file interface. */
  public enum Version {
    /** One hierarchy for each controller, or for a few. */
    V1,
    /** One for all. */
    V2
  }

  public Hierarchy {
    controllers = Set.copyOf(controllers);
  }

  /** The folder of {@link #own}. */
  public Path folder() {
    return mountPoint.resolve(own);
  }

  /** Whether the processes of that cgroup are stopped, or about to be. */
  public boolean frozen() {
    return switch (version) {
      case V1 ->
          CgroupFile.text(folder().resolve("freezer.state"))
              .filter(state -> !state.equals("THAWED"))
              .isPresent();
      case V2 ->
          CgroupFile.keyed(folder().resolve("cgroup.events")).getOrDefault("frozen", 0L) == 1
              || CgroupFile.text(folder().resolve("cgroup.freeze")).filter("1"::equals).isPresent();
    };
  }

  /** The folders from the mount point down to this process's own cgroup. */
  List<Path> ancestors() {
    return Stream.concat(
            Stream.of(mountPoint),
            own.toString().isEmpty()
                ? Stream.of()
                : IntStream.rangeClosed(1, own.getNameCount())
                    .mapToObj(names -> mountPoint.resolve(own.subpath(0, names))))
        .toList();
  }
}
