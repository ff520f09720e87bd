package dev.terrarium.engine.journal;

import dev.terrarium.engine.file.FileException;
import dev.terrarium.engine.file.RawFiles;
import dev.terrarium.engine.syscall.Errno;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** Removal of whole folders that are ours. */
public final class Trees {
  /** As the kernel refuses what is somebody else's. */
  private static final Set<Integer> MAY_BE_LENT =
      Set.of(Errno.named("EACCES").number(), Errno.named("EPERM").number());

  private Trees() {}

  /**
   * The same for a folder in which users of a container may have made something whose ids are only
   * lent to whoever runs the engine.
   *
   * @throws IOException as {@link #remove(Path)}
   */
  public static void remove(StateFolder state, Path folder) throws IOException {
    try {
      remove(folder);
    } catch (FileException e) {
      if (!MAY_BE_LENT.contains(e.errno()) || !LentFolders.takeBack(state, folder)) {
        throw e;
      }
      remove(folder);
    }
  }

  /**
   * Removes the folder and all in it, however deep and whatever its names; symbolic links are
   * removed and not followed. A folder that is not there is fine.
   *
   * @throws IOException if something in it cannot be removed; the rest may be gone then. If
   *     something is mounted in it, which may be somebody's data, nothing is touched
   */
  public static void remove(Path folder) throws IOException {
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      Files.deleteIfExists(folder);
      return;
    }
    List<String> mounted = Mounts.below(folder);
    if (!mounted.isEmpty()) {
      throw new IOException(
          "%s is mounted there: unmount it first, umount -l does"
              .formatted(String.join(" and ", mounted)));
    }
    Path absolute = folder.toAbsolutePath();
    Path parent = absolute.getParent();
    Path name = absolute.getFileName();
    if (parent == null || name == null) {
      throw new IOException(folder + " is the root of everything");
    }
    try (RawFiles files = new RawFiles()) {
      int above = files.openFolder(parent);
      try {
        files.removeTree(
            above,
            new String(
                name.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
      } finally {
        files.close(above);
      }
    }
  }
}
