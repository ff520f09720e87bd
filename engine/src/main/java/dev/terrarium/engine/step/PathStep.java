package dev.terrarium.engine.step;

import dev.terrarium.engine.syscall.Call;
import dev.terrarium.engine.syscall.Calls;
import dev.terrarium.engine.syscall.FileCalls;
import dev.terrarium.engine.syscall.MountCalls;
import dev.terrarium.engine.syscall.SyscallException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Paths that nobody inside may read, or write, whoever they are: they are mounted over. What this
 * kernel lacks is passed over. Source: OCI runtime-spec, config-linux, Masked Paths and Readonly
 * Paths.
 */
public sealed interface PathStep extends FileStep {

  /** Hides files under {@code /dev/null}, folders under an empty one. */
  record MaskPaths(List<String> paths) implements PathStep {
    public MaskPaths {
      paths = List.copyOf(paths);
    }

    @Override
    public void perform(StepContext context) {
      long sealed = Calls.MS_RDONLY | Calls.MS_NOSUID | Calls.MS_NODEV | Calls.MS_NOEXEC;
      for (String path : paths) {
        // As a file first: the kernel itself says best whether it is one.
        if (refused(context, Calls.mount("/dev/null", path, "", Calls.MS_BIND, ""), "ENOTDIR")) {
          refused(context, Calls.mount("tmpfs", path, "tmpfs", sealed, "mode=755"), "ENOTDIR");
        }
      }
    }

    /**
     * Makes the call; that there is no such path is as good as having hidden it.
     *
     * @return whether the kernel refused it for that reason
     */
    private static boolean refused(StepContext context, Call mount, String reason) {
      try {
        context.make(mount);
        return false;
      } catch (SyscallException e) {
        if (e.errno().name().equals(reason)) {
          return true;
        }
        if (e.errno().name().equals("ENOENT")) {
          return false;
        }
        throw e;
      }
    }

    @Override
    public String sentence() {
      return "Hides paths that tell too much of the host: files under /dev/null, folders under empty ones.";
    }

    @Override
    public String byHand() {
      return paths.stream()
          .map(path ->
              "[ -d %s ] && mount -t tmpfs -o ro tmpfs %s || mount --bind /dev/null %s"
                  .formatted(path, path, path))
          .collect(Collectors.joining("\n"));
    }

    @Override
    public String undoByHand() {
      return "umount " + String.join(" ", paths);
    }
  }

  /** Binds paths over themselves, read-only. */
  record ProtectPaths(List<String> paths) implements PathStep {
    public ProtectPaths {
      paths = List.copyOf(paths);
    }

    @Override
    public void perform(StepContext context) {
      for (String path : paths) {
        try {
          context.make(Calls.mount(path, path, "", Calls.MS_BIND | Calls.MS_REC, ""));
        } catch (SyscallException e) {
          if (e.errno().name().equals("ENOENT")) {
            continue;
          }
          throw e;
        }
        // MS_REMOUNT would have to name all flags that the mount has, and in a user namespace may
        // leave out none of those that it came with: mount_namespaces(7), locked mounts.
        context.make(
            MountCalls.mountSetattr(
                FileCalls.AT_FDCWD, path, MountCalls.AT_RECURSIVE, MountCalls.MOUNT_ATTR_RDONLY));
      }
    }

    @Override
    public String sentence() {
      return "Makes paths read-only through which the host itself could be changed.";
    }

    @Override
    public String byHand() {
      return paths.stream()
          .map(path ->
              "mount --rbind %s %s && mount -o remount,bind,ro %s".formatted(path, path, path))
          .collect(Collectors.joining("\n"));
    }

    @Override
    public String undoByHand() {
      return "umount -l " + String.join(" ", paths);
    }
  }
}
