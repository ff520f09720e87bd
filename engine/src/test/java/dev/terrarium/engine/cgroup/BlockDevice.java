package dev.terrarium.engine.cgroup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/**
 * The whole disk on which a folder is, because only those are throttled.
 *
 * @param number {@code major:minor}
 */
record BlockDevice(String number) {

  /** A test that needs one is skipped where the folder is on a tmpfs, an overlay, or a share. */
  static BlockDevice of(Path folder) throws IOException {
    long device = (Long) Files.getAttribute(folder, "unix:dev");
    // As makedev(3) packs them.
    String number = ((device >> 8) & 0xfff) + ":" + ((device & 0xff) | ((device >> 12) & 0xfff00));
    Path block = Path.of("/sys/dev/block", number);
    Assumptions.assumeTrue(Files.exists(block), "no disk of its own is below " + folder);
    Path whole = block.toRealPath();
    // A partition lies in its disk's folder.
    if (Files.exists(whole.resolve("partition"))) {
      whole = whole.resolveSibling("");
    }
    return new BlockDevice(Files.readString(whole.resolve("dev")).strip());
  }
}
