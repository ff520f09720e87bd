package dev.terrarium.engine.host;

import dev.terrarium.engine.file.RawFiles;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A program of the host's that does what the engine may not: newuidmap(1) and its like. */
public final class HostProgram {
  private static final List<String> FOLDERS =
      List.of("/usr/bin", "/bin", "/usr/sbin", "/sbin", "/usr/local/bin");

  private static final int SET_USER_ID = 04000;

  private HostProgram() {}

  /** Where it is, if it is installed. */
  public static Optional<Path> find(String name) {
    String path = System.getenv().getOrDefault("PATH", "");
    return Stream.concat(Stream.of(path.split(":")), FOLDERS.stream())
        .filter(folder -> folder.startsWith("/"))
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /**
   * Whether it has rights that its caller lacks: it belongs to root and has the set-user-ID bit, or
   * its file has capabilities. Source: execve(2), capabilities(7).
   */
  public static boolean raisesRights(Path program) {
    try (RawFiles files = new RawFiles()) {
      Path real = program.toRealPath();
      int mode = (int) Files.getAttribute(real, "unix:mode");
      if ((mode & SET_USER_ID) != 0 && Files.getAttribute(real, "unix:uid").equals(0)) {
        return true;
      }
      int folder = files.openFolder(Path.of("/"));
      try {
        return files
            .attribute(folder, real.toString().substring(1), "security.capability")
            .isPresent();
      } finally {
        files.close(folder);
      }
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Runs it to its end.
   *
   * @return the process id that it had
   * @throws UncheckedIOException if it is not there or fails; with what it said
   */
  public static int run(List<String> command) {
    String name = command.getFirst();
    List<String> full = new ArrayList<>(command);
    find(name).ifPresent(path -> full.set(0, path.toString()));
    try {
      Process process = new ProcessBuilder(full).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String said =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      int status = process.waitFor();
      if (status != 0) {
        throw new IOException(
            "it ended with status " + status + (said.isEmpty() ? "" : ": " + said));
      }
      return (int) process.pid();
    } catch (IOException e) {
      throw new UncheckedIOException(String.join(" ", command) + " failed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(
          String.join(" ", command), new InterruptedIOException("interrupted"));
    }
  }
}
