package dev.terrarium.engine.host;

import dev.terrarium.engine.syscall.Syscall;
import dev.terrarium.engine.syscall.SyscallException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a refused call means on this host, and what to do: the one place that translates. */
public final class Diagnosis {
  private Diagnosis() {}

  /** One sentence; empty if the error says it all. */
  public static String of(SyscallException refusal) {
    String errno = refusal.errno().name();
    String call = refusal.call().toString();
    if (refusal.call().syscall() == Syscall.CLONE && call.contains("CLONE_NEWUSER")) {
      return switch (errno) {
        case "EPERM" -> userNamespacesForbidden();
        case "ENOSPC", "EUSERS" ->
            "the limit on namespaces is reached; sudo sysctl user.max_user_namespaces=15000 raises it";
        default -> "";
      };
    }
    if (refusal.call().syscall() == Syscall.CLONE) {
      return switch (errno) {
        case "EPERM" -> "new namespaces need root, or a user namespace: --rootless";
        case "ENOSPC" -> "the limit on namespaces is reached; see /proc/sys/user/max_*_namespaces";
        case "EINVAL" -> "this kernel lacks one of these namespaces; see /proc/self/ns";
        case "EAGAIN" -> "the limit on processes is reached; see ulimit -u and the pids cgroup";
        default -> "";
      };
    }
    if (refusal.call().syscall() == Syscall.SETNS) {
      return switch (errno) {
        case "EPERM" ->
            "a namespace is entered with CAP_SYS_ADMIN in the user namespace that owns it:"
                + " enter that as well, or run as root";
        case "ESRCH" -> "the process has ended meanwhile";
        case "EINVAL" -> "it is the user namespace that one is in, or this kernel lacks the kind";
        default -> "";
      };
    }
    if (refusal.call().syscall() == Syscall.UNSHARE) {
      return switch (errno) {
        case "EPERM" -> "new namespaces need root, or a user namespace: --rootless";
        case "ENOSPC" -> "the limit on namespaces is reached; see /proc/sys/user/max_*_namespaces";
        case "EINVAL" -> "this kernel lacks one of these namespaces; see /proc/self/ns";
        default -> "";
      };
    }
    if (refusal.call().syscall() == Syscall.MOUNT && call.contains("\"overlay\"")) {
      return switch (errno) {
        case "ENODEV" -> "this kernel has no overlayfs; sudo modprobe overlay loads it";
        case "EINVAL" ->
            "the writable layer lies on a file system that overlayfs does not take, such as another overlay;"
                + " set TERRARIUM_STATE to a folder on a disk or a tmpfs, such as /run/terrarium";
        case "EPERM" ->
            "this kernel allows overlayfs in a user namespace only from 5.11 on; run as root";
        default -> "";
      };
    }
    if (refusal.call().syscall() == Syscall.MOUNT && call.contains("\"proc\"")) {
      return errno.equals("EPERM")
          ? "a /proc of one's own is allowed only where the present /proc is fully visible; inside another"
              + " container it often is not"
          : mountPointMissing(errno);
    }
    if (refusal.call().syscall() == Syscall.MOUNT && call.contains("\"sysfs\"")) {
      return errno.equals("EPERM")
          ? "a /sys of one's own is allowed only where the present /sys is fully visible; inside another"
              + " container it often is not: leave /sys out"
          : mountPointMissing(errno);
    }
    if (refusal.call().syscall() == Syscall.MOUNT && call.contains("\"tmpfs\"")) {
      return mountPointMissing(errno);
    }
    if (refusal.call().syscall() == Syscall.MOVE_MOUNT && errno.equals("EINVAL")) {
      return "one of the two is a folder and the other one is none";
    }
    if (refusal.call().syscall() == Syscall.UMOUNT2 && errno.equals("EINVAL")) {
      return "nothing is mounted there";
    }
    if (refusal.call().syscall() == Syscall.PRLIMIT64 && errno.equals("EPERM")) {
      return "to raise a hard limit needs CAP_SYS_RESOURCE on the host, which this process lacks;"
          + " give no more than prlimit(1) shows in its column HARD";
    }
    if (refusal.call().syscall() == Syscall.CLOSE_RANGE
        && (errno.equals("ENOSYS") || errno.equals("EINVAL"))) {
      return "this kernel is older than 5.11 and cannot; leave out that descriptors are closed";
    }
    if (refusal.call().syscall() == Syscall.WRITE) {
      return CgroupRefusal.of(call, errno);
    }
    if (refusal.call().syscall() == Syscall.EXECVE) {
      return switch (errno) {
        case "ENOENT" -> "there is no such program inside the container";
        case "EACCES" -> "the file is not executable, or lies on a file system mounted noexec";
        case "ENOEXEC" -> "the file is no program for this processor, or a script without #!";
        default -> "";
      };
    }
    return errno.equals("ENOSYS")
        ? "this kernel is too old; 5.12 and newer have all calls that are needed"
        : "";
  }

  private static String mountPointMissing(String errno) {
    return errno.equals("ENOENT")
        ? "the root file system has no such folder to mount over; an init layer has those for /dev, /proc and /sys"
        : "";
  }

  private static String userNamespacesForbidden() {
    if (flag("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1")) {
      return "AppArmor restricts unprivileged user namespaces;"
          + " sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0 lifts it";
    }
    if (flag("/proc/sys/kernel/unprivileged_userns_clone", "0")) {
      return "unprivileged user namespaces are switched off;"
          + " sudo sysctl kernel.unprivileged_userns_clone=1 switches them on";
    }
    return "user namespaces are not allowed here, perhaps by the container that this runs in; run as root on the host";
  }

  private static boolean flag(String file, String value) {
    try {
      return Files.readString(Path.of(file)).strip().equals(value);
    } catch (IOException e) {
      return false;
    }
  }
}
