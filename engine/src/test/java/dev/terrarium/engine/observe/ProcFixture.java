package dev.terrarium.engine.observe;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A recorded {@code /proc}. Neither git nor a build keeps symbolic links that dangle, so a recorded
 * process has its namespaces as lines of a file {@code ns}; a namespace without a line is one whose
 * link cannot be read.
 */
final class ProcFixture {

  private static final Path FIXTURES = Path.of("src/test/resources/proc");

  private ProcFixture() {}

  /** Lays a recording out as the kernel would show it. */
  static Path unpack(String name, Path into) {
    Path from = FIXTURES.resolve(name);
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path target = into.resolve(from.relativize(file).toString());
        Files.createDirectories(target.getParent());
        if (file.getFileName().toString().equals("ns")) {
          links(Files.readAllLines(file), target);
        } else {
          Files.copy(file, target);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return into;
  }

  private static void links(List<String> lines, Path folder) throws IOException {
    Files.createDirectories(folder);
    for (String line : lines) {
      String kind = line.substring(0, line.indexOf(':'));
      Files.createSymbolicLink(folder.resolve(kind), Path.of(line));
    }
  }
}
