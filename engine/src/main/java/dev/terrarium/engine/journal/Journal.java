package dev.terrarium.engine.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The file in which an engine notes what it makes.
 *
 * <pre>
 *   boot 5c1e9a3e-...            in which boot of the host; what another one made is gone
 *   + session 4711 123456        about to be made
 *   + cgroup /sys/fs/cgroup/...
 *   - session 4711 123456        gone
 * </pre>
 *
 * @param made what may be there still, the latest first
 * @param unread lines that this version does not understand
 */
record Journal(List<Resource> made, List<String> unread) {
  /** No container can have this name. */
  static final String NAME = ".journal";

  static final String BOOT = "boot ";
  static final String MADE = "+ ";
  static final String GONE = "- ";

  /** Reads the journal in that folder; one that is not there is empty. */
  static Journal read(Path folder) throws IOException {
    Path file = folder.resolve(NAME);
    if (!Files.exists(file)) {
      return new Journal(List.of(), List.of());
    }
    String text = Files.readString(file);
    // A line without an end was being written when the engine died: it had not made the thing yet.
    List<String> lines = text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    if (lines.isEmpty() || !lines.getFirst().equals(BOOT + bootId())) {
      return new Journal(List.of(), List.of());
    }
    Set<Resource> made = new LinkedHashSet<>();
    Set<String> unread = new LinkedHashSet<>();
    for (String line : lines.subList(1, lines.size())) {
      String named = line.length() < 2 ? "" : line.substring(2);
      Resource.parse(named)
          .ifPresentOrElse(
              resource -> {
                if (line.startsWith(MADE)) {
                  made.add(resource);
                } else {
                  made.remove(resource);
                }
              },
              () -> unread.add(line));
    }
    return new Journal(List.copyOf(made).reversed(), List.copyOf(unread));
  }

  /** Changes whenever the host starts. Source: random(4). */
  static String bootId() throws IOException {
    return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
  }
}
