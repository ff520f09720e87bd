package dev.terrarium.engine.cgroup;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** The command that would lift a refusal. */
final class Remedy {
  private Remedy() {}

  /**
   * Version 2: nobody handed this user a part of the tree. Without systemd root makes one, gives
   * away what the kernel document names under "Delegation", and moves the user's shell into it.
   */
  static String noDelegation(Path mountPoint) {
    String runtime = System.getenv("XDG_RUNTIME_DIR");
    boolean systemd = runtime != null && Files.exists(Path.of(runtime, "systemd"));
    return systemd
        ? "systemd-run --user --scope -p Delegate=yes ./terrarium, or sudo ./terrarium"
        : ("sudo sh -c 'b=%s; d=$b/user-$SUDO_UID; mkdir -p $d/shell;"
                + " echo +cpu +cpuset +memory +pids +io > $b/cgroup.subtree_control;"
                + " cd $d; chown $SUDO_UID:$SUDO_GID . cgroup.procs cgroup.threads"
                + " cgroup.subtree_control shell shell/cgroup.procs;"
                + " echo $1 > shell/cgroup.procs' sh $$, or sudo ./terrarium")
            .formatted(mountPoint);
  }

  /** Version 2: a cgroup of a container's own, with processes in it. */
  static String occupied(Path folder) {
    return "mkdir %1$s/rest && for p in $(cat %1$s/cgroup.procs); do echo $p > %1$s/rest/cgroup.procs; done"
        .formatted(folder);
  }

  /** Version 2: what is handed down lacks a controller. */
  static String noController(Path base) {
    if (base.toString().contains("/user@")) {
      return "printf '[Service]\\nDelegate=cpu cpuset io memory pids\\n'"
          + " | sudo tee /etc/systemd/system/user@.service.d/delegate.conf"
          + " && sudo systemctl daemon-reload, and log in again"
          + " (sudo mkdir -p /etc/systemd/system/user@.service.d first)";
    }
    return "the kernel's command line keeps it from this tree (cgroup_disable=), or a mounted"
        + " hierarchy of version 1 has it (see /proc/cgroups)";
  }

  /** Version 1: the hierarchies are root's. */
  static String notOwner(List<Path> mountPoints) {
    String folders = mountPoints.stream().map(Path::toString).collect(Collectors.joining(" "));
    return "sudo sh -c 'for d in "
        + folders
        + "; do mkdir -p $d/terrarium; for f in cpuset.mems cpuset.cpus;"
        + " do [ ! -e $d/$f ] || cat $d/$f > $d/terrarium/$f; done;"
        + " chown $SUDO_UID:$SUDO_GID $d/terrarium; done', or sudo ./terrarium";
  }

  /** Version 1: a controller is not mounted. */
  static String noHierarchy(String controller) {
    return "sudo mkdir -p /sys/fs/cgroup/%1$s && sudo mount -t cgroup -o %1$s %1$s /sys/fs/cgroup/%1$s"
        .formatted(controller);
  }
}
