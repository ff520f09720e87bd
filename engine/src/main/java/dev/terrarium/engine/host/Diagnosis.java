package dev.terrarium.engine.host;

import dev.terrarium.engine.observe.NamespaceType;
import dev.terrarium.engine.syscall.Syscall;
import dev.terrarium.engine.syscall.SyscallException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a refused call means on this host, and what to do: the one place that translates. */
public final class Diagnosis {
  private static final Pattern UPPER_LAYER = Pattern.compile("upperdir=([^,\"]+)");

  private static final Set<Syscall> MAKE_NAMESPACES = EnumSet.of(Syscall.CLONE, Syscall.UNSHARE);

  private final HostFiles host;
  private final Rights rights;

  Diagnosis(HostFiles host, Rights rights) {
    this.host = host;
    this.rights = rights;
  }

  /** One sentence; empty if the error says it all. */
  public static String of(SyscallException refusal) {
    return new Diagnosis(HostFiles.LIVE, Rights.current()).explain(refusal);
  }

  /**
   * What is wrong with the state folder, after something in it could not be read, written or
   * started: one sentence; empty if nothing is.
   */
  public static String of(IOException refusal, Path stateFolder) {
    if (String.valueOf(refusal.getMessage()).contains("Disk quota exceeded")) {
      return "this user's quota is used up: quota -s shows it";
    }
    return StateFileSystem.of(HostFiles.LIVE, stateFolder).trouble().stream()
        .findFirst()
        .map(Obstacle::sentence)
        .orElse("");
  }

  String explain(SyscallException refusal) {
    String errno = refusal.errno().name();
    String call = refusal.call().toString();
    if (MAKE_NAMESPACES.contains(refusal.call().syscall())) {
      return namespaces(call, errno);
    }
    if (!rights.privileged() && Set.of("EPERM", "EACCES").contains(errno) && needsRight(refusal)) {
      Optional<Obstacle> restricted = UserNamespaces.appArmor(host);
      if (restricted.isPresent()) {
        return restricted.get().sentence();
      }
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
    if (refusal.call().syscall() == Syscall.MOUNT && call.contains("\"overlay\"")) {
      return switch (errno) {
        case "ENODEV" -> "this kernel has no overlayfs; sudo modprobe overlay loads it";
        case "EINVAL" -> writableLayer(call);
        case "EPERM" -> overlayForbidden();
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
    if (refusal.call().syscall() == Syscall.SECCOMP && call.contains("NEW_LISTENER")) {
      return switch (errno) {
        case "EBUSY" -> "somebody listens to this program's calls already, and one listener is all";
        case "EINVAL" -> "this kernel is older than 5.5 and cannot tell of calls";
        default -> "filters are not allowed here";
      };
    }
    if (refusal.call().syscall() == Syscall.PRLIMIT64 && errno.equals("EPERM")) {
      return "to raise a hard limit needs CAP_SYS_RESOURCE on the host, which this process lacks;"
          + " give no more than prlimit(1) shows in its column HARD";
    }
    if (refusal.call().syscall() == Syscall.CLOSE_RANGE
        && (errno.equals("ENOSYS") || errno.equals("EINVAL"))) {
      return "this kernel is older than 5.11 and cannot; leave out that descriptors are closed";
    }
    if (refusal.call().syscall() == Syscall.SECCOMP
        && (errno.equals("EINVAL") || errno.equals("ENOSYS"))) {
      return "this kernel has no such seccomp filters (CONFIG_SECCOMP_FILTER, Linux 5.0 for those that tell"
          + " of calls); run without";
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

  /** Whether it is one that root may make, and root in a user namespace for that namespace. */
  private static boolean needsRight(SyscallException refusal) {
    return switch (refusal.call().syscall()) {
      case MOUNT, MOVE_MOUNT, UMOUNT2, PIVOT_ROOT, SETHOSTNAME -> true;
      case WRITE ->
          refusal.call().toString().matches(".*/proc/[^/]+/(uid_map|gid_map|setgroups).*");
      default -> false;
    };
  }

  private String namespaces(String call, String errno) {
    boolean user = call.contains("CLONE_NEWUSER");
    return switch (errno) {
      case "EPERM" ->
          user
              ? UserNamespaces.forUsers(host)
                  .or(() -> Confinement.of(host, rights))
                  .map(Obstacle::sentence)
                  .orElse("user namespaces are not allowed here; run as root on the host")
              : "new namespaces need root, or a user namespace: --rootless";
      case "ENOSPC", "EUSERS" -> limitReached(call);
      case "EINVAL" ->
          "this kernel lacks one of these namespaces; ls /proc/self/ns shows those that it has";
      case "EAGAIN" -> "the limit on processes is reached; see ulimit -u and the pids cgroup";
      default -> "";
    };
  }

  /** A limit of 0 is a kind that somebody switched off. */
  private String limitReached(String call) {
    List<String> asked =
        Arrays.stream(NamespaceType.values())
            .filter(type -> call.contains(type.flagName()))
            .map(type -> "max_%s_namespaces".formatted(type.procName()))
            .toList();
    return asked.stream()
        .filter(sysctl -> host.text("/proc/sys/user/" + sysctl).equals("0"))
        .findFirst()
        .map(sysctl ->
            "such namespaces are switched off: user.%1$s is 0; sudo sysctl user.%1$s=15000 allows them"
                .formatted(sysctl))
        .orElse(
            "the limit on namespaces is reached; sysctl user."
                + String.join(" user.", asked)
                + " shows it, and sudo sysctl -w raises it");
  }

  private String writableLayer(String call) {
    Matcher upper = UPPER_LAYER.matcher(call);
    Optional<Obstacle> obstacle =
        upper.find()
            ? StateFileSystem.of(host, Path.of(upper.group(1))).obstacles().stream().findFirst()
            : Optional.empty();
    return obstacle
        .map(Obstacle::sentence)
        .orElse(
            "overlayfs does not take these layers; sudo dmesg | tail -n 3 tells why, and a state folder"
                + " on a disk or a tmpfs, such as TERRARIUM_STATE=/run/terrarium, may do");
  }

  private String overlayForbidden() {
    return KernelRelease.parse(host.text("/proc/sys/kernel/osrelease"))
        .flatMap(KernelRelease::obstacle)
        .or(() -> Confinement.of(host, rights))
        .map(Obstacle::sentence)
        .orElse("only root of the user namespace that owns this mount namespace may mount here");
  }
}
