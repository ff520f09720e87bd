package dev.terrarium.engine.step;

import dev.terrarium.engine.syscall.Calls;
import dev.terrarium.engine.syscall.FileCalls;
import dev.terrarium.engine.syscall.MountCalls;
import dev.terrarium.engine.syscall.NamespaceCalls;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** What is mounted, and what becomes the root. */
public sealed interface MountStep extends FileStep {

  /**
   * Stops mounts from travelling between this mount namespace and the host's: MS_REC|MS_PRIVATE.
   */
  record MakeMountsPrivate() implements MountStep {
    @Override
    public void perform(StepContext context) {
      context.make(Calls.mount("none", "/", "", Calls.MS_REC | Calls.MS_PRIVATE, ""));
    }

    @Override
    public String sentence() {
      return "Makes all mounts private, so that what is mounted here stays here.";
    }

    @Override
    public String byHand() {
      return "mount --make-rprivate /";
    }
  }

  /**
   * Lets mounts of the host that come later appear here, and none of ours there: MS_REC|MS_SLAVE.
   */
  record MakeMountsSlave() implements MountStep {
    @Override
    public void perform(StepContext context) {
      context.make(Calls.mount("none", "/", "", Calls.MS_REC | MountCalls.MS_SLAVE, ""));
    }

    @Override
    public String sentence() {
      return "Makes all mounts slaves: what the host mounts later appears here, but not the other way.";
    }

    @Override
    public String byHand() {
      return "mount --make-rslave /";
    }
  }

  /**
   * Read-only layers below, a writable one on top, one tree: overlayfs. Top layer first.
   *
   * <p>It is volatile: what is written need not be on the disk before the container is gone.
   * Without that, unmounting it waits until the whole file system below has written all it has, of
   * everybody. Source: kernel document filesystems/overlayfs, "Volatile mount".
   *
   * @param userXattr whether overlayfs keeps its notes in user attributes: those of root are closed
   *     to a user namespace, and without any no folder of a layer could be removed. Source: kernel
   *     document filesystems/overlayfs, "User xattr"
   */
  record MountOverlay(List<Path> lower, Path upper, Path work, Path target, boolean userXattr)
      implements MountStep {
    /** What mount(2) takes as data is one page, with a NUL at its end. */
    private static final int LONGEST_DATA = 4095;

    /**
     * Whatever is written lies whole in the writable layer, so that it can become one of an image.
     */
    private static final String WHOLE = ",redirect_dir=off,metacopy=off";

    public MountOverlay {
      lower = List.copyOf(lower);
    }

    @Override
    public void perform(StepContext context) {
      context.makeFolder(target);
      String data = data(lower);
      if (data.getBytes(StandardCharsets.UTF_8).length > LONGEST_DATA) {
        data = data(shortNames(context));
      }
      context.make(Calls.mount("overlay", target.toString(), "overlay", 0, data));
    }

    /** Many layers with long paths: the same by descriptors. */
    private List<Path> shortNames(StepContext context) {
      return lower.stream()
          .map(layer -> context.make(FileCalls.openPath(layer.toString())).result())
          .map(descriptor -> Path.of("/proc/self/fd", Long.toString(descriptor)))
          .toList();
    }

    @Override
    public String sentence() {
      return "Lays a writable layer over %d read-only %s; the union is the container's root."
          .formatted(lower.size(), lower.size() == 1 ? "layer" : "layers");
    }

    @Override
    public String byHand() {
      return "mkdir %s && mount -t overlay overlay -o %s %s".formatted(target, data(lower), target);
    }

    private String data(List<Path> layersByName) {
      // Colon and comma separate layers and options; overlayfs takes them escaped.
      String layers =
          layersByName.stream()
              .map(layer -> escape(layer).replace(":", "\\:"))
              .collect(Collectors.joining(":"));
      return "lowerdir=%s,upperdir=%s,workdir=%s,volatile%s"
          .formatted(layers, escape(upper), escape(work), userXattr ? ",userxattr" : WHOLE);
    }

    private static String escape(Path path) {
      return path.toString().replace("\\", "\\\\").replace(",", "\\,");
    }
  }

  /** The host's /proc, bound into the new root. */
  record BindHostProc(Path target) implements MountStep {
    @Override
    public void perform(StepContext context) {
      context.make(Calls.mount("/proc", target.toString(), "", Calls.MS_BIND | Calls.MS_REC, ""));
    }

    @Override
    public String sentence() {
      return "Binds the host's own /proc into the new root.";
    }

    @Override
    public String byHand() {
      return "mount --rbind /proc " + target;
    }
  }

  /** A new procfs of the caller's pid namespace, at a path as the caller sees it at that moment. */
  record MountProc(Path target) implements MountStep {
    @Override
    public void perform(StepContext context) {
      context.make(
          Calls.mount(
              "proc",
              target.toString(),
              "proc",
              Calls.MS_NOSUID | Calls.MS_NODEV | Calls.MS_NOEXEC,
              ""));
    }

    @Override
    public String sentence() {
      return "Mounts a new /proc, which shows the processes of this pid namespace only.";
    }

    @Override
    public String byHand() {
      return "mount -t proc proc " + target;
    }
  }

  /** A sysfs that shows the devices of the caller's net namespace, and that nobody may write. */
  record MountSys(Path target) implements MountStep {
    @Override
    public void perform(StepContext context) {
      context.make(
          Calls.mount(
              "sysfs",
              target.toString(),
              "sysfs",
              Calls.MS_RDONLY | Calls.MS_NOSUID | Calls.MS_NODEV | Calls.MS_NOEXEC,
              ""));
    }

    @Override
    public String sentence() {
      return "Mounts a /sys that can be read only and shows the interfaces of this net namespace.";
    }

    @Override
    public String byHand() {
      return "mount -t sysfs -o ro,nosuid,nodev,noexec sysfs " + target;
    }
  }

  /**
   * The host's /sys, bound and made read-only with all that is mounted in it: a sysfs of one's own
   * is for those who own the net namespace.
   */
  record BindHostSys(Path target) implements MountStep {
    @Override
    public void perform(StepContext context) {
      context.make(Calls.mount("/sys", target.toString(), "", Calls.MS_BIND | Calls.MS_REC, ""));
      context.make(
          MountCalls.mountSetattr(
              FileCalls.AT_FDCWD,
              target.toString(),
              MountCalls.AT_RECURSIVE,
              MountCalls.MOUNT_ATTR_RDONLY
                  | MountCalls.MOUNT_ATTR_NOSUID
                  | MountCalls.MOUNT_ATTR_NODEV
                  | MountCalls.MOUNT_ATTR_NOEXEC));
    }

    @Override
    public String sentence() {
      return "Binds the host's /sys into the new root, so that it can be read and not written.";
    }

    @Override
    public String byHand() {
      return "mount --rbind /sys %s && mount -o remount,bind,ro,nosuid,nodev,noexec %s"
          .formatted(target, target);
    }
  }

  /**
   * The hierarchies as this cgroup namespace sees them, read-only: the container's own part, and
   * nothing above it. The one of version 2 lies at the target itself, as on any host; those of
   * version 1 in folders of a tmpfs there, and one of version 2 beside them, as on a hybrid host.
   */
  record MountCgroups(Path target, List<Tree> trees) implements MountStep {
    private static final long FLAGS =
        Calls.MS_RDONLY | Calls.MS_NOSUID | Calls.MS_NODEV | Calls.MS_NOEXEC;

    /**
     * One hierarchy.
     *
     * @param folder in the target; empty for the target itself
     * @param type cgroup or cgroup2
     * @param options by which version 1 tells its hierarchies apart
     */
    public record Tree(String folder, String type, String options) {}

    public MountCgroups {
      trees = List.copyOf(trees);
    }

    @Override
    public void perform(StepContext context) {
      if (inFolders()) {
        long open = FLAGS & ~Calls.MS_RDONLY;
        context.make(Calls.mount("tmpfs", target.toString(), "tmpfs", open, "mode=755"));
      }
      for (Tree tree : trees) {
        String place = place(tree);
        if (!tree.folder().isEmpty()) {
          context.make(FileCalls.mkdirat(FileCalls.AT_FDCWD, place, 0755));
        }
        context.make(Calls.mount(tree.type(), place, tree.type(), FLAGS, tree.options()));
      }
      if (inFolders()) {
        context.make(
            MountCalls.mountSetattr(
                FileCalls.AT_FDCWD, target.toString(), 0, MountCalls.MOUNT_ATTR_RDONLY));
      }
    }

    private boolean inFolders() {
      return trees.stream().anyMatch(tree -> !tree.folder().isEmpty());
    }

    private String place(Tree tree) {
      return tree.folder().isEmpty() ? target.toString() : target.resolve(tree.folder()).toString();
    }

    @Override
    public String sentence() {
      return "Shows the container's own part of the cgroups at /sys/fs/cgroup, to be read only.";
    }

    @Override
    public String byHand() {
      String mounts =
          trees.stream()
              .map(tree ->
                  "%smount -t %s -o ro,nosuid,nodev,noexec%s %s %s"
                      .formatted(
                          tree.folder().isEmpty() ? "" : "mkdir " + place(tree) + " && ",
                          tree.type(),
                          tree.options().isEmpty() ? "" : "," + tree.options(),
                          tree.type(),
                          place(tree)))
              .collect(Collectors.joining("\n"));
      return inFolders()
          ? "mount -t tmpfs -o mode=755 tmpfs %s\n%s\nmount -o remount,bind,ro %s"
              .formatted(target, mounts, target)
          : mounts;
    }
  }

  /** Makes a mount the root and lets go of the old root: pivot_root(2). */
  record PivotRoot(Path newRoot) implements MountStep {
    @Override
    public void perform(StepContext context) {
      context.make(Calls.chdir(newRoot.toString()));
      // Old and new root on the same spot: the old one lies on top until it is unmounted.
      // pivot_root(2), NOTES.
      context.make(Calls.pivotRoot(".", "."));
      context.make(Calls.umount2(".", Calls.MNT_DETACH));
      context.make(Calls.chdir("/"));
    }

    @Override
    public String sentence() {
      return "Makes the union the root, and lets go of the host's.";
    }

    @Override
    public String byHand() {
      return "cd " + newRoot + " && pivot_root . . && umount -l .";
    }
  }

  /**
   * Makes a folder the root of this process and leaves the old root where it was: chroot(2).
   * Whoever holds CAP_SYS_CHROOT inside finds the way back.
   */
  record Chroot(Path newRoot) implements MountStep {
    @Override
    public void perform(StepContext context) {
      // First there, then closed: a working folder outside is the classic way out.
      context.make(Calls.chdir(newRoot.toString()));
      context.make(NamespaceCalls.chroot("."));
    }

    @Override
    public String sentence() {
      return "Makes the union this process's root; the host's is out of sight, but still mounted.";
    }

    @Override
    public String byHand() {
      return "chroot " + newRoot + " sh";
    }
  }
}
