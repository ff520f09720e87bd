package dev.terrarium.engine.cgroup;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/**
 * Hosts of shapes that this machine does not have, each recorded in a file: lines {@code == PATH},
 * and what the file of that path holds.
 */
final class FixtureHost {
  private FixtureHost() {}

  /** Lays a host out below that folder, as its root. */
  static Path unpack(String name, Path root) {
    try (InputStream recording =
        Objects.requireNonNull(
            FixtureHost.class.getResourceAsStream("/cgroup/" + name + ".host"))) {
      Path file = root;
      for (String line :
          new String(recording.readAllBytes(), StandardCharsets.UTF_8).lines().toList()) {
        if (line.startsWith("== ")) {
          file = root.resolve(line.substring(3));
          Files.createDirectories(file.getParent());
          Files.createFile(file);
        } else {
          Files.writeString(file, line + "\n", StandardOpenOption.APPEND);
        }
      }
      return root;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
