package dev.terrarium.engine.wire;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** Where a caller's relative paths begin. */
interface Places {

  /** A caller's working folder, seen from the root of its mount namespace. */
  Optional<String> workingFolder();

  /** What a descriptor of the caller's is open on. */
  Optional<String> descriptor(int fd);

  /** Those of that thread. Source: proc_pid_cwd(5), proc_pid_fd(5). */
  static Places of(int tid) {
    return new Places() {
      @Override
      public Optional<String> workingFolder() {
        return link("/proc/" + tid + "/cwd");
      }

      @Override
      public Optional<String> descriptor(int fd) {
        return link("/proc/" + tid + "/fd/" + fd);
      }
    };
  }

  private static Optional<String> link(String path) {
    try {
      String target = Files.readSymbolicLink(Path.of(path)).toString();
      // Else it is no file: pipe:[4711].
      return Optional.of(target).filter(text -> text.startsWith("/"));
    } catch (IOException | InvalidPathException e) {
      return Optional.empty();
    }
  }
}
