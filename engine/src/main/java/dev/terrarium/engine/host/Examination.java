package dev.terrarium.engine.host;

import dev.terrarium.engine.cgroup.Cgroups;
import dev.terrarium.engine.cgroup.Delegation;
import dev.terrarium.engine.cgroup.Driver;
import dev.terrarium.engine.host.HostReport.Finding;
import dev.terrarium.engine.host.HostReport.Level;
import dev.terrarium.engine.observe.IdMapping;
import dev.terrarium.engine.observe.Mount;
import dev.terrarium.engine.observe.NamespaceType;
import dev.terrarium.engine.spec.Limits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What can be known of a host by reading alone. */
public final class Examination {
  private final HostFiles host;
  private final Rights rights;

  Examination(HostFiles host, Rights rights) {
    this.host = host;
    this.rights = rights;
  }

  /** Of the live host, one finding per subject. */
  public static List<Finding> read(Path stateFolder) {
    Examination examination = new Examination(HostFiles.LIVE, Rights.current());
    List<Finding> findings = new ArrayList<>();
    findings.add(examination.kernel());
    findings.addAll(examination.namespaces());
    findings.add(subordinateIds());
    findings.add(examination.overlay());
    findings.add(stateFolder(stateFolder));
    findings.addAll(cgroups());
    findings.addAll(examination.seccomp());
    findings.add(examination.processes());
    findings.add(terminals());
    return findings;
  }

  Finding kernel() {
    String release = host.text("/proc/sys/kernel/osrelease");
    Optional<Obstacle> tooOld = KernelRelease.parse(release).flatMap(KernelRelease::obstacle);
    return tooOld
        .map(obstacle -> finding("kernel", Level.LIMITED, obstacle))
        .orElseGet(() -> ok("kernel", "Linux " + release + " on " + System.getProperty("os.arch")));
  }

  /** That this process is in a container itself, for where something does not work. */
  public static Optional<Finding> confinement() {
    return Confinement.of(HostFiles.LIVE, Rights.current())
        .map(obstacle -> finding("confinement", Level.LIMITED, obstacle));
  }

  /** Each kind: whether this kernel has it, and how many there may be. */
  List<Finding> namespaces() {
    return Arrays.stream(NamespaceType.values()).map(this::namespace).toList();
  }

  private Finding namespace(NamespaceType type) {
    String subject = "namespace-" + type.procName();
    if (type == NamespaceType.USER) {
      Optional<Obstacle> none = UserNamespaces.forAll(host);
      if (none.isPresent()) {
        return finding(subject, Level.MISSING, none.get());
      }
      Optional<Obstacle> notForAll = UserNamespaces.forUsers(host);
      if (notForAll.isPresent()) {
        return finding(subject, Level.LIMITED, notForAll.get());
      }
    }
    if (!host.exists("/proc/self/ns/" + type.procName())) {
      return finding(
          subject,
          Level.MISSING,
          new Obstacle(
              "this kernel has none of this kind: /proc/self/ns/"
                  + type.procName()
                  + " is not there",
              type == NamespaceType.TIME ? "Linux 5.6 or newer has them" : ""));
    }
    String sysctl = "max_%s_namespaces".formatted(type.procName());
    String most = host.text("/proc/sys/user/" + sysctl);
    return most.equals("0")
        ? finding(
            subject,
            Level.MISSING,
            new Obstacle(
                "switched off: user.%s is 0".formatted(sysctl),
                "sudo sysctl user.%s=15000".formatted(sysctl)))
        : ok(subject, most.isEmpty() ? "there" : "up to " + most);
  }

  private static Finding subordinateIds() {
    Rights rights = Rights.current();
    return SubordinateIds.obstacle(rights)
        .map(obstacle ->
            finding(
                "subordinate-ids",
                Level.LIMITED,
                new Obstacle(
                    obstacle.why() + "; containers have the user root and no other",
                    obstacle.remedy())))
        .orElseGet(() -> {
          SubordinateIds lent = SubordinateIds.find(rights);
          return ok(
              "subordinate-ids",
              "%d users and %d groups".formatted(sum(lent.uids()), sum(lent.gids())));
        });
  }

  private static long sum(List<IdMapping> ids) {
    return ids.stream().mapToLong(IdMapping::count).sum();
  }

  Finding overlay() {
    boolean there =
        host.lines("/proc/filesystems").stream().anyMatch(line -> line.endsWith("\toverlay"));
    return there
        ? ok("overlayfs", "the kernel has it")
        : new Finding(
            "overlayfs",
            Level.LIMITED,
            "not in /proc/filesystems: not loaded, or not there",
            "sudo modprobe overlay");
  }

  private static Finding stateFolder(Path folder) {
    StateFileSystem fileSystem = StateFileSystem.of(HostFiles.LIVE, folder);
    List<Obstacle> trouble = fileSystem.trouble();
    if (!trouble.isEmpty()) {
      return finding("state-folder", Level.MISSING, trouble.getFirst());
    }
    return ok(
        "state-folder",
        "%s on %s, %d MiB free".formatted(folder, fileSystem.type(), fileSystem.free() >> 20));
  }

  /** Which versions are mounted with which controllers, and what of them is ours to use. */
  private static List<Finding> cgroups() {
    Cgroups cgroups = Cgroups.find();
    Set<String> available = new TreeSet<>();
    cgroups.hierarchies().forEach(hierarchy -> available.addAll(hierarchy.controllers()));
    String versions =
        switch (cgroups.layout()) {
          case NONE -> "no hierarchy is mounted";
          case V1 -> "version 1";
          case V2 -> "version 2";
          case HYBRID -> "hybrid: version 1 and version 2 side by side";
        };
    Finding there =
        available.isEmpty()
            ? new Finding(
                "cgroups",
                Level.LIMITED,
                versions + (cgroups.layout() == Cgroups.Layout.NONE ? "" : ", without controllers"),
                "sudo mount -t cgroup2 cgroup2 /sys/fs/cgroup")
            : ok("cgroups", versions + "; controllers " + String.join(", ", available));
    return List.of(there, delegation());
  }

  private static Finding delegation() {
    return switch (Delegation.find()) {
      case Delegation.Granted(Driver driver) -> granted(driver);
      case Delegation.Refused(String why, String remedy) ->
          new Finding("cgroup-delegation", Level.LIMITED, "no limits, because " + why, remedy);
    };
  }

  private static Finding granted(Driver driver) {
    String has =
        Driver.CONTROLLERS.stream()
            .filter(driver.controllers()::contains)
            .collect(Collectors.joining(", "));
    String where = String.valueOf(driver.folders("").getFirst());
    List<String> problems = driver.problems(Limits.EVERY_KIND);
    return problems.isEmpty()
        ? ok("cgroup-delegation", "%s may be used, below %s".formatted(has, where))
        : new Finding(
            "cgroup-delegation",
            Level.LIMITED,
            has.isEmpty()
                ? "no controller may be used, below " + where
                : "only %s may be used, below %s".formatted(has, where),
            String.join("; ", problems));
  }

  /** Filters that keep a container from calls, and those that tell of them: the live wire. */
  List<Finding> seccomp() {
    String actions = host.text("/proc/sys/kernel/seccomp/actions_avail");
    if (actions.isEmpty()) {
      Obstacle none =
          new Obstacle("this kernel is built without seccomp filters (CONFIG_SECCOMP_FILTER)", "");
      return List.of(
          finding("seccomp", Level.MISSING, none), finding("live-wire", Level.MISSING, none));
    }
    return List.of(
        ok("seccomp", "filters: " + actions.replace(" ", ", ")),
        Arrays.asList(actions.split(" ")).contains("user_notif")
            ? ok("live-wire", "seccomp tells of calls as they are made (user_notif)")
            : finding(
                "live-wire",
                Level.LIMITED,
                new Obstacle(
                    "seccomp cannot tell of calls (no user_notif): only their effects are seen",
                    "Linux 5.0 or newer has it")));
  }

  /** Whether {@code /proc} shows this user the processes of others. */
  Finding processes() {
    Optional<String> hides =
        host.mounts().stream()
            .filter(mount -> mount.fsType().equals("proc") && mount.mountPoint().equals("/proc"))
            .map(Mount::superOptions)
            .flatMap(options -> Arrays.stream(options.split(",")))
            .filter(option ->
                option.startsWith("hidepid=") && !Set.of("0", "off").contains(option.substring(8)))
            .findFirst();
    if (host.mounts().stream().noneMatch(mount -> mount.mountPoint().equals("/proc"))) {
      return new Finding(
          "processes", Level.MISSING, "/proc is not mounted", "sudo mount -t proc proc /proc");
    }
    return hides.isPresent() && !rights.privileged()
        ? new Finding(
            "processes",
            Level.LIMITED,
            "/proc is mounted with %s and hides whatever is not yours".formatted(hides.get()),
            "sudo mount -o remount,hidepid=0 /proc")
        : ok("processes", "/proc shows them all");
  }

  private static Finding terminals() {
    return Files.isWritable(Path.of("/dev/ptmx"))
        ? ok("terminals", "/dev/ptmx can be opened")
        : new Finding(
            "terminals",
            Level.MISSING,
            "/dev/ptmx cannot be opened",
            "sudo mount -t devpts -o ptmxmode=666 devpts /dev/pts");
  }

  private static Finding finding(String subject, Level level, Obstacle obstacle) {
    return new Finding(subject, level, obstacle.why(), obstacle.remedy());
  }

  private static Finding ok(String subject, String found) {
    return new Finding(subject, Level.OK, found, "");
  }
}
