package dev.terrarium.engine.step;

import dev.terrarium.engine.fact.Dentry;
import dev.terrarium.engine.fact.Fact;
import dev.terrarium.engine.syscall.Calls;
import dev.terrarium.engine.syscall.FileCalls;
import dev.terrarium.engine.syscall.FileStatus;
import dev.terrarium.engine.syscall.Inode;
import dev.terrarium.engine.syscall.MountCalls;
import java.nio.file.Path;
import java.time.Instant;

/** Folders and files of the host that a container sees under a path of its own. */
public sealed interface VolumeStep extends FileStep {

  /** An empty folder for a volume that has no name: it ends with the container. */
  record MakeVolume(Path folder, String target) implements VolumeStep {
    @Override
    public void perform(StepContext context) {
      context.makeFolder(folder);
    }

    @Override
    public String sentence() {
      return "Makes the empty folder %s for %s; it goes when the container goes."
          .formatted(folder, target);
    }

    @Override
    public String byHand() {
      return "mkdir " + folder;
    }

    @Override
    public String undoByHand() {
      return "rm -r " + folder;
    }
  }

  /**
   * Takes a copy of a volume's mount before mounts are made private, so that the copy stays a peer
   * of the host's: what is mounted in one later appears in the other. Source: mount_namespaces(7).
   */
  record PickUpVolume(Path source) implements VolumeStep {
    @Override
    public void perform(StepContext context) {
      context.keep(source.toString(), pickUp(context, source));
    }

    @Override
    public String sentence() {
      return "Picks up %s while its mount is still shared with the host's.".formatted(source);
    }

    @Override
    public String byHand() {
      return "mount --rbind %s /mnt".formatted(source);
    }
  }

  /**
   * Mounts a folder or file of the host over a path in the new root: from then on the path leads to
   * the host's inode, and what it led to before is hidden until the volume is unmounted.
   *
   * @param source on the host
   * @param root the new root, as a path on the host
   * @param target in the new root, absolute; made if it is not there
   * @param pickedUp whether {@link PickUpVolume} has it already
   */
  record BindVolume(Path source, Path root, String target, boolean readOnly, boolean pickedUp)
      implements VolumeStep {
    @Override
    public void perform(StepContext context) {
      int volume = pickedUp ? context.kept(source.toString()) : pickUp(context, source);
      if (readOnly) {
        // While it is mounted nowhere, so that it is writable at no moment.
        context.make(
            MountCalls.mountSetattr(
                volume,
                "",
                FileCalls.AT_EMPTY_PATH | MountCalls.AT_RECURSIVE,
                MountCalls.MOUNT_ATTR_RDONLY));
      }
      FileStatus hosts = status(context, FileCalls.AT_FDCWD, source.toString());
      NewRoot newRoot = new NewRoot(context, root);
      int spot = newRoot.findOrMake(target, hosts.folder());
      String path = newRoot.pathOf(spot);
      Inode before = status(context, spot, "").inode();
      context.make(MountCalls.moveMount(volume, spot));
      Inode after = status(context, newRoot.find(target), "").inode();
      Inode hostsAfter = status(context, FileCalls.AT_FDCWD, source.toString()).inode();
      context.tell(
          new Fact.Bound(
              Instant.now(),
              context.container(),
              new Dentry(source.toString(), hosts.inode(), hostsAfter),
              new Dentry(path, before, after)));
    }

    @Override
    public String sentence() {
      return "Mounts %s of the host over %s in the new root%s."
          .formatted(source, target, readOnly ? ", read-only" : "");
    }

    @Override
    public String byHand() {
      String inside = root + target;
      return "mount --rbind %s %s%s"
          .formatted(source, inside, readOnly ? " && mount -o remount,bind,ro " + inside : "");
    }

    @Override
    public String undoByHand() {
      return "umount -l " + target;
    }
  }

  /** Takes a volume from a running container: its path leads again to what it led to before. */
  record UnmountVolume(String target) implements VolumeStep {
    @Override
    public void perform(StepContext context) {
      Inode before = status(context, FileCalls.AT_FDCWD, target).inode();
      // Lazily: the shell that stands in there keeps its folder, and everybody else loses it.
      context.make(Calls.umount2(target, Calls.MNT_DETACH));
      Inode after = status(context, FileCalls.AT_FDCWD, target).inode();
      context.tell(
          new Fact.Unbound(Instant.now(), context.container(), new Dentry(target, before, after)));
    }

    @Override
    public String sentence() {
      return "Unmounts the volume at %s, and what it had hidden is there again.".formatted(target);
    }

    @Override
    public String byHand() {
      return "umount -l " + target;
    }
  }

  private static int pickUp(StepContext context, Path source) {
    long flags = MountCalls.OPEN_TREE_CLONE | MountCalls.AT_RECURSIVE;
    return (int) context.make(MountCalls.openTree(source.toString(), flags)).result();
  }

  private static FileStatus status(StepContext context, int descriptor, String path) {
    return FileStatus.of(context.make(FileCalls.statx(descriptor, path)));
  }
}
