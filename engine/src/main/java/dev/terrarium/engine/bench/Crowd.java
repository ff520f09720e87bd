package dev.terrarium.engine.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Many sleeping processes in several sets of namespaces. Each set is one shell that is process 1 of
 * a pid namespace and waits on a pipe: when the pipe closes, be it because this program died, the
 * shell ends and the kernel kills its sleepers.
 */
final class Crowd implements AutoCloseable {

  private static final String SCRIPT =
      """
      i=0
      while [ $i -lt "$1" ]; do
        sleep 3600 </dev/null >/dev/null 2>&1 &
        i=$((i + 1))
      done
      echo ready
      read line
      """;

  private final List<Process> shells = new ArrayList<>();
  private final int size;

  private Crowd(int size) {
    this.size = size;
  }

  /**
   * Starts the sleepers and waits until all of them exist.
   *
   * @throws IOException if unshare(1) is missing or may not make namespaces
   */
  static Crowd of(int size, int sets) throws IOException {
    Crowd crowd = new Crowd(size);
    try {
      for (int set = 0; set < sets; set++) {
        int share = size / sets + (set < size % sets ? 1 : 0);
        crowd.shells.add(
            new ProcessBuilder(
                    List.of(
                        "unshare",
                        "--user",
                        "--map-root-user",
                        "--pid",
                        "--fork",
                        "--kill-child",
                        "--mount",
                        "--uts",
                        "--ipc",
                        "sh",
                        "-c",
                        SCRIPT,
                        "sh",
                        Integer.toString(share)))
                .redirectErrorStream(true)
                .start());
      }
      for (Process shell : crowd.shells) {
        String line = shell.inputReader().readLine();
        if (!"ready".equals(line)) {
          throw new IOException("unshare could not make namespaces: " + line);
        }
      }
      return crowd;
    } catch (IOException e) {
      crowd.close();
      throw e;
    }
  }

  int size() {
    return size;
  }

  /** Ends all sleepers and waits until they are gone. */
  @Override
  public void close() {
    // Process 1 of a pid namespace is gone only after all others in it are.
    List<ProcessHandle> firsts =
        shells.stream().flatMap(shell -> shell.toHandle().children()).toList();
    // unshare dies and its child is sent SIGKILL.
    shells.forEach(Process::destroyForcibly);
    shells.forEach(shell -> shell.onExit().join());
    firsts.forEach(first -> first.onExit().join());
  }
}
