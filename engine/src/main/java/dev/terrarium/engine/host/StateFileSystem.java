package dev.terrarium.engine.host;

import dev.terrarium.engine.observe.Mount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The file system on which the state folder lies: the stub's program is started from it, and
 * overlayfs keeps the writable layers on it. Source: mount(8), kernel document
 * filesystems/overlayfs, "Upper and Lower".
 *
 * <p>Neither {@code nodev} nor {@code nosuid} is in the way: a device of a container lies on a
 * tmpfs of its own, and overlayfs has flags of its own.
 *
 * @param folder the state folder, which need not be there yet
 * @param mount on which it lies; empty if nobody says
 */
record StateFileSystem(Path folder, Optional<Mount> mount) {
  private static final long LEAST_FREE = 16L << 20;

  private static final String ELSEWHERE =
      "set TERRARIUM_STATE to a folder on ext4, xfs, btrfs or a tmpfs, such as /run/terrarium";

  /** Overlayfs refuses these as its upper layer. */
  private static final Set<String> NO_UPPER_LAYER =
      Set.of(
          "9p",
          "autofs",
          "ceph",
          "cifs",
          "exfat",
          "fuseblk",
          "msdos",
          "nfs",
          "nfs4",
          "ntfs3",
          "overlay",
          "smb3",
          "squashfs",
          "iso9660",
          "vfat",
          "virtiofs",
          "ecryptfs");

  static StateFileSystem of(HostFiles host, Path folder) {
    Path absolute = folder.toAbsolutePath().normalize();
    return new StateFileSystem(absolute, host.mountOf(absolute));
  }

  String type() {
    return mount.map(Mount::fsType).orElse("a file system that nobody names");
  }

  /** What its kind and its options forbid, worst first. */
  List<Obstacle> obstacles() {
    List<Obstacle> found = new ArrayList<>();
    mount.ifPresent(on -> {
      List<String> options = Arrays.asList((on.options() + "," + on.superOptions()).split(","));
      String where = folder + " lies on " + on.fsType() + " at " + on.mountPoint();
      if (options.contains("ro")) {
        found.add(new Obstacle(where + ", which is mounted read-only", remount("rw", on)));
      }
      if (options.contains("noexec")) {
        found.add(
            new Obstacle(
                where + ", which is mounted noexec: the stub cannot be started from there",
                remount("exec", on)));
      }
      if (NO_UPPER_LAYER.contains(on.fsType())) {
        found.add(
            new Obstacle(
                where
                    + ", which overlayfs does not take for a writable layer"
                    + (on.fsType().equals("overlay")
                        ? ": it is an overlay already"
                        : ": it cannot keep whiteouts or extended attributes"),
                ELSEWHERE));
      }
    });
    return List.copyOf(found);
  }

  private static String remount(String option, Mount on) {
    return "sudo mount -o remount,%s %s, or %s".formatted(option, on.mountPoint(), ELSEWHERE);
  }

  /** What the live host lets this process do there; after {@link #obstacles}. */
  List<Obstacle> trouble() {
    List<Obstacle> found = new ArrayList<>(obstacles());
    Path nearest = nearest();
    if (!Files.isDirectory(nearest)) {
      found.add(
          new Obstacle(
              nearest + " is no folder",
              "set TERRARIUM_STATE to a folder, or move that file away"));
    } else if (!Files.isWritable(nearest) && found.isEmpty()) {
      found.add(
          new Obstacle(
              nearest + " cannot be written by this user",
              "sudo chown $USER %s, or set TERRARIUM_STATE to a folder of your own"
                  .formatted(nearest)));
    }
    long free = free();
    if (free < LEAST_FREE) {
      found.add(
          new Obstacle(
              "%s at %s has only %d KiB free"
                  .formatted(type(), mount.map(Mount::mountPoint).orElse("?"), free >> 10),
              "make room there (df -h %s shows it), or set TERRARIUM_STATE to a folder elsewhere"
                  .formatted(nearest)));
    }
    return List.copyOf(found);
  }

  /** The folder itself, or the one above in which it would be made. */
  private Path nearest() {
    for (Path above = folder; above != null; above = above.getParent()) {
      if (Files.exists(above)) {
        return above;
      }
    }
    return folder;
  }

  /** Bytes that this user may still write; what cannot be asked is taken for enough. */
  long free() {
    try {
      return Files.getFileStore(nearest()).getUsableSpace();
    } catch (IOException e) {
      return Long.MAX_VALUE;
    }
  }
}
