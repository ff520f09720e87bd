package dev.terrarium.engine.container;

import dev.terrarium.engine.netlink.InterfaceAddress;
import dev.terrarium.engine.netlink.Link;
import dev.terrarium.engine.netlink.Netlink;
import dev.terrarium.engine.observe.IpcTables;
import dev.terrarium.engine.observe.Isolation;
import dev.terrarium.engine.observe.Isolation.Cgroup.Root;
import dev.terrarium.engine.observe.Isolation.Ipc.PosixQueue;
import dev.terrarium.engine.observe.NamespaceType;
import dev.terrarium.engine.observe.NamespaceView.Hidden;
import dev.terrarium.engine.observe.NetFiles;
import dev.terrarium.engine.step.StepContext;
import dev.terrarium.engine.syscall.Bytes;
import dev.terrarium.engine.syscall.Calls;
import dev.terrarium.engine.syscall.FileCalls;
import dev.terrarium.engine.syscall.MountCalls;
import dev.terrarium.engine.syscall.Outcome;
import dev.terrarium.engine.syscall.SyscallException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a visitor sees of the namespaces that it is in. It has come without the mounts and the
 * numbers of those inside: the host's {@code /proc} is still there, and shows to each reader the
 * host names, the IPC and the cgroups of his own namespaces.
 */
final class InsideReading {
  private static final int PORTION = 8192;

  private final StepContext context;
  private final int pid;

  /**
   * Reads.
   *
   * @param pid whose namespaces they are, on the host
   */
  InsideReading(StepContext context, int pid) {
    this.context = context;
    this.pid = pid;
  }

  /**
   * That kind.
   *
   * @param hidden takes up what could not be read
   */
  Isolation read(NamespaceType type, List<Hidden> hidden) {
    return switch (type) {
      case UTS -> uts();
      case IPC -> ipc(hidden);
      case NET -> net(hidden);
      case CGROUP -> cgroup(hidden);
      case PID, MNT, USER, TIME -> throw new IllegalArgumentException(type + " is read outside");
    };
  }

  private Isolation uts() {
    Bytes names = context.make(Calls.uname()).memory().getFirst();
    return new Isolation.Uts(field(names, 1), field(names, 5));
  }

  /** One of the six strings of struct utsname. */
  private static String field(Bytes names, int index) {
    int size = names.length() / 6;
    String text = new String(names.toArray(), index * size, size, StandardCharsets.UTF_8);
    return text.substring(0, text.indexOf('\0'));
  }

  private Isolation ipc(List<Hidden> hidden) {
    return new Isolation.Ipc(
        IpcTables.segments(table("shm", "shared memory", hidden)),
        IpcTables.queues(table("msg", "message queues", hidden)),
        IpcTables.semaphores(table("sem", "semaphores", hidden)),
        posixQueues(hidden));
  }

  private String table(String name, String what, List<Hidden> hidden) {
    try {
      return text("/proc/sysvipc/" + name);
    } catch (SyscallException e) {
      hidden.add(new Hidden(what, e.errno().name() + " for /proc/sysvipc/" + name));
      return "";
    }
  }

  /**
   * The queues are files of a file system of which each ipc namespace has one. It is mounted where
   * nobody sees it, and gone with the visitor.
   */
  private List<PosixQueue> posixQueues(List<Hidden> hidden) {
    List<PosixQueue> queues = new ArrayList<>();
    try {
      // To mount takes rights over the mount namespace that one is in, wherever it is mounted.
      context.make(Calls.unshare(NamespaceType.MNT.cloneFlag()));
      int made = (int) context.make(MountCalls.fsopen("mqueue")).result();
      context.make(MountCalls.fsconfigCreate(made));
      int root =
          (int) context.make(MountCalls.fsmount(made, MountCalls.MOUNT_ATTR_RDONLY)).result();
      Path folder = Path.of("/proc/" + context.inside().caller() + "/fd/" + root);
      try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
        for (Path file : files) {
          String name = file.getFileName().toString();
          size(file)
              .ifPresentOrElse(
                  bytes -> queues.add(new PosixQueue(name, bytes)),
                  () -> hidden.add(new Hidden("POSIX queue /" + name, "it is another user's")));
        }
      }
    } catch (SyscallException e) {
      String rights = "to see them takes CAP_SYS_ADMIN in the user namespace that owns them";
      hidden.add(new Hidden("POSIX queues", LiveLook.why(e, rights)));
    } catch (IOException e) {
      hidden.add(new Hidden("POSIX queues", String.valueOf(e.getMessage())));
    }
    return queues;
  }

  /** From {@code QSIZE:129 NOTIFY:0 ...}: mq_overview(7). */
  private static Optional<Long> size(Path queue) {
    try {
      String word = Files.readString(queue).split("\\s+")[0];
      return Optional.of(Long.parseLong(word.substring(word.indexOf(':') + 1)));
    } catch (IOException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  private Isolation net(List<Hidden> hidden) {
    List<Isolation.Net.Interface> interfaces = new ArrayList<>();
    try (Netlink kernel = Netlink.open(context.inside(), Netlink.Family.ROUTE)) {
      Map<Integer, List<String>> addresses = new HashMap<>();
      for (InterfaceAddress address : kernel.addresses()) {
        addresses.computeIfAbsent(address.link(), link -> new ArrayList<>()).add(address.text());
      }
      for (Link link : kernel.links()) {
        interfaces.add(
            new Isolation.Net.Interface(
                link.index(),
                link.name(),
                link.up(),
                link.carrier(),
                link.kind(),
                link.master(),
                addresses.getOrDefault(link.index(), List.of())));
      }
    } catch (SyscallException e) {
      hidden.add(new Hidden("interfaces", e.errno().name() + ", " + e.errno().meaning()));
    }
    NetFiles files = new NetFiles(Path.of("/proc/" + pid + "/net"));
    List<Isolation.Net.Route> routes = List.of();
    Isolation.Net.Sockets sockets = Isolation.Net.Sockets.NONE;
    try {
      routes = files.routes();
      sockets = files.sockets();
    } catch (IOException e) {
      hidden.add(new Hidden("routes and sockets", String.valueOf(e.getMessage())));
    }
    return new Isolation.Net(interfaces, routes, sockets);
  }

  /**
   * The path of the process's own cgroup as seen inside ends the path as seen outside; what is in
   * front of it is the root.
   */
  private Isolation cgroup(List<Hidden> hidden) {
    List<Root> roots = new ArrayList<>();
    String file = "/proc/" + pid + "/cgroup";
    try {
      Map<String, String> inside = memberships(text(file));
      memberships(Files.readString(Path.of(file)))
          .forEach((hierarchy, outside) -> {
            String below = inside.getOrDefault(hierarchy, "/..");
            if (below.equals("/")) {
              roots.add(new Root(hierarchy, outside));
            } else if (outside.endsWith(below) && !below.startsWith("/..")) {
              String root = outside.substring(0, outside.length() - below.length());
              roots.add(new Root(hierarchy, root.isEmpty() ? "/" : root));
            } else {
              hidden.add(
                  new Hidden(
                      "root of " + (hierarchy.isEmpty() ? "version 2" : hierarchy),
                      "process %d has been moved out of it, to %s".formatted(pid, outside)));
            }
          });
    } catch (SyscallException e) {
      hidden.add(new Hidden("roots", e.errno().name() + " for " + file));
    } catch (IOException e) {
      hidden.add(new Hidden("roots", String.valueOf(e.getMessage())));
    }
    return new Isolation.Cgroup(roots);
  }

  /** From lines {@code 4:cpu,cpuacct:/path}: proc_pid_cgroup(5). */
  private static Map<String, String> memberships(String lines) {
    Map<String, String> paths = new java.util.LinkedHashMap<>();
    for (String line : lines.lines().toList()) {
      String[] fields = line.split(":", 3);
      paths.put(fields[1], fields[2]);
    }
    return paths;
  }

  /** A file as the visitor sees it. */
  private String text(String path) {
    long flags = Calls.O_RDONLY | Calls.O_CLOEXEC;
    int descriptor = (int) context.make(Calls.openat(path, flags)).result();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    while (true) {
      Outcome read = context.make(FileCalls.read(descriptor, PORTION));
      if (read.result() == 0) {
        context.make(Calls.close(descriptor));
        return bytes.toString(StandardCharsets.UTF_8);
      }
      bytes.write(read.memory().getFirst().toArray(), 0, (int) read.result());
    }
  }
}
