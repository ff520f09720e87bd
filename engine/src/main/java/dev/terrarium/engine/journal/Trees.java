package dev.terrarium.engine.journal;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** Removal of whole folders that are ours. */
public final class Trees {
  private Trees() {}

  /**
   * Removes the folder and all in it; symbolic links are removed and not followed. A folder that is
   * not there is fine.
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
    removeUnmounted(folder);
  }

  private static void removeUnmounted(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
              throws IOException {
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException problem)
              throws IOException {
            // overlayfs makes its work folder with mode 000; its owner may open it again.
            if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
              Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
              removeUnmounted(file);
              return FileVisitResult.CONTINUE;
            }
            throw problem;
          }

          @Override
          public FileVisitResult postVisitDirectory(
              Path directory, @org.jspecify.annotations.Nullable IOException problem)
              throws IOException {
            if (problem != null) {
              throw problem;
            }
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
