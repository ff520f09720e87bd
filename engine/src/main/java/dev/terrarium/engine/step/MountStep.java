package dev.terrarium.engine.step;

import dev.terrarium.engine.syscall.Calls;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** What is mounted, and what becomes the root. */
public sealed interface MountStep extends Step {

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

  /** Read-only layers below, a writable one on top, one tree: overlayfs. Top layer first. */
  record MountOverlay(List<Path> lower, Path upper, Path work, Path target) implements MountStep {
    public MountOverlay {
      lower = List.copyOf(lower);
    }

    @Override
    public void perform(StepContext context) {
      context.makeFolder(upper);
      context.makeFolder(work);
      context.makeFolder(target);
      context.make(Calls.mount("overlay", target.toString(), "overlay", 0, data()));
    }

    @Override
    public String sentence() {
      return "Lays a writable layer over %d read-only %s; the union is the container's root."
          .formatted(lower.size(), lower.size() == 1 ? "layer" : "layers");
    }

    @Override
    public String byHand() {
      return "mount -t overlay overlay -o " + data() + " " + target;
    }

    private String data() {
      // Colon and comma separate layers and options; overlayfs takes them escaped.
      String layers =
          lower.stream()
              .map(layer -> escape(layer).replace(":", "\\:"))
              .collect(Collectors.joining(":"));
      return "lowerdir=" + layers + ",upperdir=" + escape(upper) + ",workdir=" + escape(work);
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
}
