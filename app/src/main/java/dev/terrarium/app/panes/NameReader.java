package dev.terrarium.app.panes;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * Reads who is who: the host's passwd file and the container's. Blocks on files, so it is not for
 * the JavaFX thread.
 */
final class NameReader {

  private static final long LARGEST_PASSWD = 1 << 20;

  private final Path root;

  /**
   * @param root where {@code etc} and {@code proc} are found; a folder of fixtures in tests
   */
  NameReader(Path root) {
    this.root = root;
  }

  /** The names that the host's file gives. */
  UserNames host() {
    return passwd(root.resolve("etc/passwd"));
  }

  /** The names that the file in the root of that process gives. */
  UserNames inside(int hostPid) {
    return passwd(root.resolve("proc/" + hostPid + "/root/etc/passwd"));
  }

  private static UserNames passwd(Path file) {
    try {
      // The container owns this file: it could be a pipe without end or a link out of its root.
      if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
          && Files.size(file) <= LARGEST_PASSWD) {
        String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        return UserNames.parse(text.lines().toList());
      }
    } catch (IOException e) {
      // Gone between two looks, or not ours to read; numbers are shown instead.
    }
    return UserNames.NONE;
  }
}
