package dev.terrarium.engine.step;

import dev.terrarium.engine.aware.AwareFile;
import dev.terrarium.engine.aware.AwareView;
import dev.terrarium.engine.cgroup.Cgroup;
import dev.terrarium.engine.fact.Dentry;
import dev.terrarium.engine.fact.Fact;
import dev.terrarium.engine.syscall.Call;
import dev.terrarium.engine.syscall.Calls;
import dev.terrarium.engine.syscall.FileCalls;
import dev.terrarium.engine.syscall.FileStatus;
import dev.terrarium.engine.syscall.Inode;
import dev.terrarium.engine.syscall.MountCalls;
import dev.terrarium.engine.syscall.Outcome;
import dev.terrarium.engine.syscall.SyscallException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A container's own figures in place of the host's, in the few files of /proc and /sys that no
 * namespace changes: as LXCFS does it, but with plain files that the engine keeps up to date.
 */
public sealed interface AwareStep extends FileStep {

  /** The files, on the host, as they are at this moment; what nobody counts gets none. */
  record MakeAwareFiles(Path folder, Cgroup cgroup) implements AwareStep {
    @Override
    public void perform(StepContext context) {
      context.makeFolder(folder);
      try {
        Map<AwareFile, String> texts = new AwareView(cgroup, Path.of("/"), context.child()).look();
        texts.forEach((file, text) -> context.makeFile(folder.resolve(file.fileName()), text));
      } catch (IOException e) {
        throw new UncheckedIOException("cannot tell what the cgroup " + cgroup.path() + " has", e);
      }
    }

    @Override
    public String sentence() {
      return "Writes files like the host's /proc/meminfo and /proc/stat, computed from the cgroup;"
          + " they are kept up to date.";
    }

    @Override
    public String byHand() {
      return "mkdir %1$s && lxcfs %1$s".formatted(folder);
    }

    @Override
    public String undoByHand() {
      return "umount %1$s && rm -r %1$s".formatted(folder);
    }
  }

  /**
   * Takes hold of the files while the host's mounts are still to be seen, read-only from the
   * beginning.
   */
  record PickUpAwareFiles(Path folder, List<AwareFile> files) implements AwareStep {
    public PickUpAwareFiles {
      files = List.copyOf(files);
    }

    @Override
    public void perform(StepContext context) {
      for (AwareFile file : files) {
        String source = folder.resolve(file.fileName()).toString();
        // Without a controller that counts it, it was not made.
        found(context, MountCalls.openTree(source, MountCalls.OPEN_TREE_CLONE))
            .ifPresent(opened -> {
              int descriptor = (int) opened.result();
              context.make(
                  MountCalls.mountSetattr(
                      descriptor, "", FileCalls.AT_EMPTY_PATH, MountCalls.MOUNT_ATTR_RDONLY));
              context.keep(file.path(), descriptor);
            });
      }
    }

    @Override
    public String sentence() {
      return "Picks up those files, read-only, while the host's folders are still in sight.";
    }

    @Override
    public String byHand() {
      return "mount --rbind %s /mnt".formatted(folder);
    }
  }

  /**
   * Mounts them over the host's: who opens the path from now on, gets the container's own figures,
   * and who has it open already keeps the host's.
   *
   * @param root the container's root, as the caller sees it
   */
  record BindAwareFiles(Path folder, Path root, List<AwareFile> files) implements AwareStep {
    public BindAwareFiles {
      files = List.copyOf(files);
    }

    @Override
    public void perform(StepContext context) {
      int top = (int) context.make(FileCalls.openPath(root.toString())).result();
      for (AwareFile file : files) {
        if (context.keeps(file.path())) {
          bind(context, top, file);
        }
      }
    }

    private void bind(StepContext context, int top, AwareFile file) {
      int own = context.kept(file.path());
      Optional<Outcome> spot = found(context, find(top, file));
      if (spot.isEmpty()) {
        return;
      }
      int covered = (int) spot.get().result();
      Inode before = inode(context, covered);
      context.make(MountCalls.moveMount(own, covered));
      Inode after = inode(context, (int) context.make(find(top, file)).result());
      Inode source = inode(context, own);
      context.tell(
          new Fact.Bound(
              Instant.now(),
              context.container(),
              new Dentry(folder.resolve(file.fileName()).toString(), source, source),
              new Dentry(file.path(), before, after)));
    }

    @Override
    public String sentence() {
      return "Mounts them over /proc/meminfo and its like, where the kernel speaks of the whole host.";
    }

    @Override
    public String byHand() {
      String inside = root.equals(Path.of("/")) ? "" : root.toString();
      return files.stream()
          .map(file ->
              "mount --bind -o ro %s %s%s"
                  .formatted(folder.resolve(file.fileName()), inside, file.path()))
          .collect(Collectors.joining("\n"));
    }

    @Override
    public String undoByHand() {
      return new UnbindAwareFiles(files).byHand();
    }
  }

  /** Unmounts them from a running container: the kernel's own are there again. */
  record UnbindAwareFiles(List<AwareFile> files) implements AwareStep {
    public UnbindAwareFiles {
      files = List.copyOf(files);
    }

    @Override
    public void perform(StepContext context) {
      int top = (int) context.make(FileCalls.openPath("/")).result();
      for (AwareFile file : files) {
        Optional<Outcome> spot = found(context, find(top, file));
        if (spot.isEmpty()) {
          continue;
        }
        Inode before = inode(context, (int) spot.get().result());
        if (unmounted(context, file)) {
          Inode after = inode(context, (int) context.make(find(top, file)).result());
          context.tell(
              new Fact.Unbound(
                  Instant.now(), context.container(), new Dentry(file.path(), before, after)));
        }
      }
    }

    /** EINVAL: it is no mount point, as it is if somebody inside was faster. */
    private static boolean unmounted(StepContext context, AwareFile file) {
      try {
        context.make(Calls.umount2(file.path(), Calls.MNT_DETACH));
        return true;
      } catch (SyscallException e) {
        if (e.errno().name().equals("EINVAL")) {
          return false;
        }
        throw e;
      }
    }

    @Override
    public String sentence() {
      return "Unmounts the container's own figures, and the host's are there again.";
    }

    @Override
    public String byHand() {
      return files.stream().map(AwareFile::path).collect(Collectors.joining(" ", "umount -l ", ""));
    }
  }

  /** The outcome; empty if there is no such file, which is as good here. */
  private static Optional<Outcome> found(StepContext context, Call call) {
    try {
      return Optional.of(context.make(call));
    } catch (SyscallException e) {
      if (e.errno().name().equals("ENOENT")) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static Call find(int top, AwareFile file) {
    return FileCalls.openat2(
        top, file.path(), FileCalls.O_PATH | Calls.O_CLOEXEC, FileCalls.RESOLVE_IN_ROOT);
  }

  private static Inode inode(StepContext context, int descriptor) {
    return FileStatus.of(context.make(FileCalls.statx(descriptor, ""))).inode();
  }
}
