package dev.terrarium.app.dock;

import com.pty4j.PtyProcess;
import com.pty4j.PtyProcessBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The user's own shell on the host, on a terminal of its own. Close it to leave no process. */
final class HostShell implements AutoCloseable {

  /** How long a shell may take to say goodbye to its jobs. */
  private static final long GRACE_MILLIS = 400;

  private final PtyProcess process;

  private HostShell(PtyProcess process) {
    this.process = process;
  }

  /** Starts {@code $SHELL}, or {@code /bin/sh} where there is none. */
  static HostShell start() throws IOException {
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.put("TERM", "xterm-256color");
    String shell = environment.getOrDefault("SHELL", "/bin/sh");
    if (!Files.isExecutable(Path.of(shell))) {
      shell = "/bin/sh";
    }
    return new HostShell(
        new PtyProcessBuilder(new String[] {shell})
            .setEnvironment(environment)
            .setDirectory(System.getProperty("user.home", "/"))
            .setInitialColumns(80)
            .setInitialRows(24)
            .start());
  }

  PtyProcess process() {
    return process;
  }

  /**
   * Hangs up as a terminal does, then kills what does not go. Waits for the end, so that the shell
   * is reaped and nobody's zombie; bounded.
   */
  @Override
  public void close() {
    List<ProcessHandle> children =
        ProcessHandle.of(process.pid()).stream().flatMap(ProcessHandle::descendants).toList();
    process.destroy();
    hangUp();
    try {
      if (!process.waitFor(GRACE_MILLIS, TimeUnit.MILLISECONDS)) {
        children.forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        process.waitFor(GRACE_MILLIS, TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private void hangUp() {
    try {
      // Closing the master end makes the kernel send SIGHUP to the session. Source: pty(7).
      process.getOutputStream().close();
      process.getInputStream().close();
    } catch (IOException e) {
      // It has hung up by itself.
    }
  }
}
