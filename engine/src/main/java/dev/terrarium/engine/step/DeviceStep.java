package dev.terrarium.engine.step;

import dev.terrarium.engine.syscall.Call;
import dev.terrarium.engine.syscall.Calls;
import dev.terrarium.engine.syscall.FileCalls;
import dev.terrarium.engine.syscall.MountCalls;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a container sees at {@code /dev}. Source: OCI runtime-spec, config-linux, Default Devices
 * and Default Filesystems.
 */
public sealed interface DeviceStep extends FileStep {

  /** A character device that every program may take for granted. Source: null(4), random(4). */
  record Node(String name, int major, int minor) {
    static final List<Node> USUAL =
        List.of(
            new Node("null", 1, 3),
            new Node("zero", 1, 5),
            new Node("full", 1, 7),
            new Node("random", 1, 8),
            new Node("urandom", 1, 9),
            new Node("tty", 5, 0));
  }

  /**
   * Device nodes in the new root are names and nothing more: where no cgroup says which may be
   * opened, none may. Source: mount_setattr(2), MOUNT_ATTR_NODEV.
   */
  record ForbidDevices(Path root) implements DeviceStep {
    @Override
    public void perform(StepContext context) {
      context.make(
          MountCalls.mountSetattr(
              FileCalls.AT_FDCWD, root.toString(), 0, MountCalls.MOUNT_ATTR_NODEV));
    }

    @Override
    public String sentence() {
      return "Has no device node in the new root opened, whatever an image brings along.";
    }

    @Override
    public String byHand() {
      return "mount -o remount,bind,nodev " + root;
    }
  }

  /** A name for something that is elsewhere. */
  record Link(String name, String target) {
    static final List<Link> USUAL =
        List.of(
            new Link("fd", "/proc/self/fd"),
            new Link("stdin", "/proc/self/fd/0"),
            new Link("stdout", "/proc/self/fd/1"),
            new Link("stderr", "/proc/self/fd/2"),
            new Link("ptmx", "pts/ptmx"));
  }

  /**
   * A tmpfs with the usual nodes and links.
   *
   * @param bound whether the nodes are the host's, bound one by one: nobody may make a device in a
   *     user namespace. Source: user_namespaces(7)
   */
  record MakeDev(Path dev, boolean bound) implements DeviceStep {
    private static final String OPTIONS = "mode=755,size=65536k";

    @Override
    public void perform(StepContext context) {
      context.make(Calls.mount("tmpfs", dev.toString(), "tmpfs", Calls.MS_NOSUID, OPTIONS));
      context.make(Calls.chdir(dev.toString()));
      if (bound) {
        bindNodes(context);
      } else {
        makeNodes(context);
      }
      context.makeAll(
          Link.USUAL.stream()
              .map(link -> FileCalls.symlinkat(link.target(), FileCalls.AT_FDCWD, link.name()))
              .toList());
    }

    private static void makeNodes(StepContext context) {
      // Everybody may write to them, whatever the engine's own files are to be.
      int engines = (int) context.make(FileCalls.umask(0)).result();
      context.makeAll(Node.USUAL.stream().map(MakeDev::mknodat).toList());
      context.make(FileCalls.umask(engines));
    }

    private static Call mknodat(Node node) {
      int mode = FileCalls.S_IFCHR | 0666;
      return FileCalls.mknodat(FileCalls.AT_FDCWD, node.name(), mode, node.major(), node.minor());
    }

    private static void bindNodes(StepContext context) {
      for (Node node : Node.USUAL) {
        context.make(FileCalls.mknodat(FileCalls.AT_FDCWD, node.name(), 0666));
        context.make(Calls.mount("/dev/" + node.name(), node.name(), "", Calls.MS_BIND, ""));
      }
    }

    @Override
    public String sentence() {
      return bound
          ? "Mounts an empty /dev and binds the host's null, zero, full, random, urandom and tty into it."
          : "Mounts an empty /dev and makes null, zero, full, random, urandom and tty in it.";
    }

    @Override
    public String byHand() {
      String nodes =
          Node.USUAL.stream()
              .map(node ->
                  bound
                      ? "touch %s && mount --bind /dev/%s %s"
                          .formatted(node.name(), node.name(), node.name())
                      : "mknod -m 666 %s c %d %d"
                          .formatted(node.name(), node.major(), node.minor()))
              .collect(Collectors.joining("\n"));
      String links =
          Link.USUAL.stream()
              .map(link -> "ln -s %s %s".formatted(link.target(), link.name()))
              .collect(Collectors.joining("\n"));
      return "mount -t tmpfs tmpfs -o nosuid,%s %s && cd %s\n%s\n%s"
          .formatted(OPTIONS, dev, dev, nodes, links);
    }
  }

  /**
   * Pseudo-terminals of its own: /dev/pts/0 here and on the host are not the same.
   *
   * @param terminalGroup whether they belong to group 5, which write(1) and its kin run as; it must
   *     have a number in the user namespace. Source: kernel document filesystems/devpts
   */
  record MountPts(Path dev, boolean terminalGroup) implements DeviceStep {
    @Override
    public void perform(StepContext context) {
      String pts = dev.resolve("pts").toString();
      context.make(FileCalls.mkdirat(FileCalls.AT_FDCWD, pts, 0755));
      context.make(Calls.mount("devpts", pts, "devpts", Calls.MS_NOSUID | Calls.MS_NOEXEC, data()));
    }

    @Override
    public String sentence() {
      return "Mounts a devpts of its own, so that its terminals are nobody else's.";
    }

    @Override
    public String byHand() {
      return "mkdir %s/pts && mount -t devpts devpts -o nosuid,noexec,%s %s/pts"
          .formatted(dev, data(), dev);
    }

    private String data() {
      return "newinstance,ptmxmode=0666,mode=0620" + (terminalGroup ? ",gid=5" : "");
    }
  }

  /** Memory that processes share by name. Source: shm_overview(7). */
  record MountShm(Path dev) implements DeviceStep {
    private static final String OPTIONS = "mode=1777,size=65536k";

    @Override
    public void perform(StepContext context) {
      String shm = dev.resolve("shm").toString();
      context.make(FileCalls.mkdirat(FileCalls.AT_FDCWD, shm, 0755));
      context.make(
          Calls.mount(
              "shm", shm, "tmpfs", Calls.MS_NOSUID | Calls.MS_NODEV | Calls.MS_NOEXEC, OPTIONS));
    }

    @Override
    public String sentence() {
      return "Mounts a tmpfs of 64 MiB at /dev/shm, for memory that is shared by name.";
    }

    @Override
    public String byHand() {
      return "mkdir %s/shm && mount -t tmpfs shm -o nosuid,nodev,noexec,%s %s/shm"
          .formatted(dev, OPTIONS, dev);
    }
  }

  /** The message queues of the ipc namespace, as files. Source: mq_overview(7). */
  record MountQueues(Path dev) implements DeviceStep {
    @Override
    public void perform(StepContext context) {
      String mqueue = dev.resolve("mqueue").toString();
      context.make(FileCalls.mkdirat(FileCalls.AT_FDCWD, mqueue, 0755));
      context.make(
          Calls.mount(
              "mqueue", mqueue, "mqueue", Calls.MS_NOSUID | Calls.MS_NODEV | Calls.MS_NOEXEC, ""));
    }

    @Override
    public String sentence() {
      return "Shows the message queues of this ipc namespace at /dev/mqueue.";
    }

    @Override
    public String byHand() {
      return "mkdir %s/mqueue && mount -t mqueue mqueue -o nosuid,nodev,noexec %s/mqueue"
          .formatted(dev, dev);
    }
  }

  /**
   * The terminal that was opened on the host, under a name inside: its own, such as /dev/pts/5, is
   * unknown to the new devpts.
   */
  record BindConsole(Path dev) implements DeviceStep {
    @Override
    public void perform(StepContext context) {
      String console = dev.resolve("console").toString();
      context.make(FileCalls.mknodat(FileCalls.AT_FDCWD, console, 0600));
      context.make(Calls.mount(context.terminal(), console, "", Calls.MS_BIND, ""));
    }

    @Override
    public String sentence() {
      return "Binds the container's terminal to /dev/console, by which name it is known inside.";
    }

    @Override
    public String byHand() {
      return "touch %s/console && mount --bind $(tty) %s/console".formatted(dev, dev);
    }
  }
}
