package dev.terrarium.engine.host;

/** What it means that a file of a cgroup refuses a value. */
final class CgroupRefusal {
  private CgroupRefusal() {}

  /**
   * One sentence; empty if the error says it all.
   *
   * @param call the write, with the file's path
   */
  static String of(String call, String errno) {
    if (call.contains("/cpuset.cpus")) {
      return switch (errno) {
        case "EINVAL", "ERANGE" ->
            "this host has no such processor; /sys/devices/system/cpu/online lists those that it has";
        case "EACCES" -> "the cgroup above may not use all of these processors";
        default -> "";
      };
    }
    if (call.contains("/memory.")) {
      return switch (errno) {
        case "EBUSY" -> "more is in use, and cannot be given back: choose a higher limit";
        case "ENOENT" -> "this kernel does not account for swap; start it with swapaccount=1";
        default -> "";
      };
    }
    if (call.contains("/cpu.")) {
      return errno.equals("EINVAL") ? "the cgroup above has a smaller quota" : "";
    }
    if (call.contains("/io.max") || call.contains("/blkio.")) {
      return switch (errno) {
        case "ENODEV", "ENXIO" -> "there is no such whole disk: lsblk lists them with MAJ:MIN";
        default -> "";
      };
    }
    if (call.contains("/cgroup.procs")) {
      return switch (errno) {
        case "EACCES" ->
            "a process may be moved only by who may write the cgroup.procs of the cgroup above both places";
        case "EBUSY" ->
            "this cgroup hands controllers down, so it may have no processes of its own";
        case "ENOSPC" -> "its cpuset.cpus or cpuset.mems is empty";
        default -> "";
      };
    }
    if (call.contains("/cgroup.subtree_control")) {
      return switch (errno) {
        case "EBUSY" -> "the cgroup has processes of its own, so it may hand no controllers down";
        case "ENOENT" -> "the cgroup above does not hand down all of these";
        default -> "";
      };
    }
    return "";
  }
}
