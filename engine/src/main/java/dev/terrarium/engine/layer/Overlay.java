package dev.terrarium.engine.layer;

import dev.terrarium.engine.file.RawFiles;
import dev.terrarium.engine.file.RawPath;
import dev.terrarium.engine.file.Stat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * How overlayfs marks in a folder what hides the folders below. Source: kernel document
 * filesystems/overlayfs, "whiteouts and opaque directories".
 */
public enum Overlay {
  /** For overlays that root mounts. */
  TRUSTED("trusted.overlay."),
  /** For overlays mounted with {@code userxattr}, in a user namespace. */
  USER("user.overlay.");

  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");

  private static final byte[] YES = {'y'};

  private final String prefix;

  Overlay(String prefix) {
    this.prefix = prefix;
  }

  /** What a process with those rights can write, and so mounts with. */
  public static Overlay of(boolean privileged) {
    return privileged ? TRUSTED : USER;
  }

  /** Whether an extended attribute is overlayfs's own and no part of the file. */
  public static boolean owns(String attribute) {
    return attribute.startsWith(TRUSTED.prefix) || attribute.startsWith(USER.prefix);
  }

  /**
   * Removes what a volatile overlay has left in its work folder, all of mode 0: only root goes
   * through that, and its owner opens it first. Source: kernel source, fs/overlayfs/super.c.
   *
   * @throws IOException if there is anything else in it
   */
  public static void emptyWork(Path work) throws IOException {
    Path inner = work.resolve("work");
    Path incompat = inner.resolve("incompat");
    Path mark = incompat.resolve("volatile");
    List<Path> folders = List.of(inner, incompat, mark);
    for (Path folder : folders) {
      if (!Files.exists(folder)) {
        break;
      }
      Files.setPosixFilePermissions(folder, OWNER_ONLY);
    }
    Files.deleteIfExists(mark.resolve("dirty"));
    for (Path folder : folders.reversed()) {
      Files.deleteIfExists(folder);
    }
  }

  /**
   * Whose a file is as an image has to say it: root of a user namespace is outside whoever made it.
   *
   * @param id a user or a group, outside
   * @param self the one of this process
   */
  long inside(long id, long self) {
    return this == USER && id == self ? 0 : id;
  }

  /**
   * Hides everything of that folder in the layers below. Who may, marks it for both: root's layers
   * are mounted in user namespaces as well.
   */
  void makeOpaque(RawFiles files, int folder, String name) throws IOException {
    files.setAttribute(folder, name, USER.prefix + "opaque", YES);
    if (this == TRUSTED) {
      files.setAttribute(folder, name, TRUSTED.prefix + "opaque", YES);
    }
  }

  /** Whether the folder hides everything of it in the layers below. */
  public boolean isOpaque(RawFiles files, int folder, String name) throws IOException {
    return files
        .attribute(folder, name, prefix + "opaque")
        .filter(value -> Arrays.equals(value, YES))
        .isPresent();
  }

  /**
   * Refuses what is no whole file or folder: one whose content lies elsewhere, which a kernel may
   * make that was told to. Source: kernel document filesystems/overlayfs, "redirect_dir", "Metadata
   * only copy up".
   *
   * @param path in the layer, its name in that folder
   */
  void refuseUnknown(RawFiles files, int folder, RawPath path) throws IOException {
    for (String mark : new String[] {"redirect", "metacopy"}) {
      if (files.attribute(folder, path.name(), prefix + mark).isPresent()) {
        throw new LayerException(
            "%s: overlayfs keeps its content under another name (%s%s); mount with redirect_dir=off,metacopy=off"
                .formatted(path.shown(), prefix, mark));
      }
    }
  }

  /** Hides that name in the layers below. */
  void makeWhiteout(RawFiles files, int folder, String name) throws IOException {
    files.mknod(folder, name, Stat.CHARACTER, 0);
  }

  /** Whether that name hides the one below: a device 0:0, or an empty file that is marked so. */
  public boolean isWhiteout(RawFiles files, int folder, String name, Stat stat) throws IOException {
    return stat.isWhiteout()
        || (stat.isFile()
            && stat.size() == 0
            && files.attribute(folder, name, prefix + "whiteout").isPresent());
  }
}
