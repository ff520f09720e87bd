package dev.terrarium.engine.cgroup;

import dev.terrarium.engine.cgroup.Delegation.Granted;
import dev.terrarium.engine.cgroup.Delegation.Refused;
import dev.terrarium.engine.cgroup.Hierarchy.Version;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Asks the files of the hierarchies, from the top down, where this process may make cgroups. */
record DelegationSearch(Cgroups cgroups, Predicate<Path> writable) {

  Delegation answer() {
    Set<String> ofV2 =
        new HashSet<>(cgroups.unified().map(Hierarchy::controllers).orElse(Set.of()));
    ofV2.retainAll(Driver.CONTROLLERS);
    long ofV1 = Driver.CONTROLLERS.stream().filter(name -> cgroups.v1(name).isPresent()).count();
    if (ofV1 == 0 && cgroups.unified().isEmpty()) {
      return new Refused(
          "no cgroup hierarchy is mounted", "sudo mount -t cgroup2 cgroup2 /sys/fs/cgroup");
    }
    return cgroups
        .unified()
        .filter(unified -> ofV2.size() >= ofV1)
        .map(this::v2)
        .orElseGet(this::v1);
  }

  private Delegation v2(Hierarchy unified) {
    Optional<Path> occupied = Optional.empty();
    for (Path folder : unified.ancestors()) {
      if (mayFill(folder) && writable.test(folder.resolve(V2.SUBTREE_CONTROL))) {
        Set<String> controllers =
            new HashSet<>(CgroupFile.words(folder.resolve("cgroup.controllers")));
        controllers.retainAll(Driver.CONTROLLERS);
        if (mayHandDown(folder, controllers)) {
          return new Granted(new V2(folder, controllers));
        }
        occupied = occupied.or(() -> Optional.of(folder));
      }
    }
    return occupied
        .map(folder ->
            new Refused(
                "the cgroup "
                    + folder
                    + " has processes of its own, and version 2 lets it have either those or"
                    + " controllers in the cgroups below",
                Remedy.occupied(folder)))
        .orElseGet(() ->
            new Refused(
                "no cgroup from %s down to this process's own is this user's"
                    .formatted(unified.mountPoint()),
                Remedy.noDelegation(unified.mountPoint())));
  }

  /** The topmost one of all may have both, and is known by not having a type. */
  private static boolean mayHandDown(Path folder, Set<String> controllers) {
    return Files.notExists(folder.resolve("cgroup.type"))
        || CgroupFile.text(folder.resolve("cgroup.procs")).filter(String::isEmpty).isPresent()
        || CgroupFile.words(folder.resolve(V2.SUBTREE_CONTROL)).containsAll(controllers);
  }

  private Delegation v1() {
    Map<String, Path> bases = new HashMap<>();
    for (String controller : Driver.CONTROLLERS) {
      cgroups.v1(controller).flatMap(this::base).ifPresent(base -> bases.put(controller, base));
    }
    if (bases.isEmpty()) {
      List<Path> mountPoints =
          cgroups.hierarchies().stream()
              .filter(h -> h.version() == Version.V1)
              .filter(h -> h.controllers().stream().anyMatch(Driver.CONTROLLERS::contains))
              .map(Hierarchy::mountPoint)
              .toList();
      return new Refused(
          "the cgroup hierarchies of version 1 are root's", Remedy.notOwner(mountPoints));
    }
    Optional<Path> cpuset = Optional.ofNullable(bases.get("cpuset"));
    return new Granted(
        new V1(
            bases,
            cgroups.unified().flatMap(this::base),
            cpuset.flatMap(base -> CgroupFile.text(base.resolve("cpuset.cpus"))).orElse(""),
            cpuset.flatMap(base -> CgroupFile.text(base.resolve("cpuset.mems"))).orElse("")));
  }

  /** The topmost cgroup that is this user's, or in which a folder of ours is. */
  private Optional<Path> base(Hierarchy hierarchy) {
    return hierarchy.ancestors().stream()
        .filter(folder -> mayFill(folder) || writable.test(folder.resolve(Delegation.TOP)))
        .findFirst();
  }

  private boolean mayFill(Path folder) {
    return writable.test(folder) && writable.test(folder.resolve("cgroup.procs"));
  }
}
