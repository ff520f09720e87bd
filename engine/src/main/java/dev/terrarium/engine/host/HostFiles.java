package dev.terrarium.engine.host;

import dev.terrarium.engine.observe.Mount;
import dev.terrarium.engine.observe.MountTable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The files in which a host says what it is and allows. What cannot be read is empty.
 *
 * @param root the host's root folder: the live one's, or that of a copy of a few of its files
 */
record HostFiles(Path root) {
  static final HostFiles LIVE = new HostFiles(Path.of("/"));

  private static final int MOST = 1 << 16;

  /** By one read(2): of a number under {@code /proc/sys} a second one gets nothing. */
  String text(String file) {
    try (InputStream in = Files.newInputStream(at(file))) {
      return new String(in.readNBytes(MOST), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      return "";
    }
  }

  List<String> lines(String file) {
    return text(file).lines().toList();
  }

  boolean exists(String file) {
    return Files.exists(at(file));
  }

  /** The value of a line {@code KEY: VALUE} of {@code /proc/self/status}. */
  String status(String key) {
    return lines("/proc/self/status").stream()
        .filter(line -> line.startsWith(key + ":"))
        .map(line -> line.substring(key.length() + 1).strip())
        .findFirst()
        .orElse("");
  }

  /** All that is mounted for this process. */
  List<Mount> mounts() {
    try {
      byte[] table = Files.readAllBytes(at("/proc/self/mountinfo"));
      return MountTable.parse(table, table.length);
    } catch (IOException e) {
      return List.of();
    }
  }

  /** The mount on which that path lies: the last one that was put on the longest way to it. */
  Optional<Mount> mountOf(Path path) {
    return mounts().stream()
        .filter(mount -> path.startsWith(mount.mountPoint()))
        .reduce((one, other) ->
            Path.of(other.mountPoint()).getNameCount() >= Path.of(one.mountPoint()).getNameCount()
                ? other
                : one);
  }

  private Path at(String file) {
    return root.resolve(Path.of("/").relativize(Path.of(file)));
  }
}
