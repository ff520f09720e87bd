package dev.terrarium.engine.observe;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A real process in real new namespaces, made by unshare(1): a shell that says which it is and then
 * waits on its standard input, so that it also ends if the test does.
 */
public final class Unshared implements AutoCloseable {

  private final Process unshare;
  private final int pid;

  private Unshared(Process unshare, int pid) {
    this.unshare = unshare;
    this.pid = pid;
  }

  /** Runs the script inside, waits until it printed its line "ready", and leaves it waiting. */
  public static Unshared start(List<String> options, String script) throws IOException {
    List<String> command = new ArrayList<>(List.of("unshare", "--fork", "--kill-child"));
    command.addAll(options);
    command.addAll(List.of("sh", "-c", script + "\necho ready; read line"));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String line = process.inputReader().readLine();
    if (!"ready".equals(line)) {
      process.destroyForcibly().onExit().join();
      throw new IOException(command + " said " + line);
    }
    int first = (int) process.children().findFirst().orElseThrow().pid();
    return new Unshared(process, first);
  }

  /** The host pid of the shell. */
  public int pid() {
    return pid;
  }

  /** Asks the shell inside to do one more thing and end. */
  public void release() throws IOException {
    unshare.outputWriter().write("\n");
    unshare.outputWriter().flush();
    unshare.onExit().join();
  }

  @Override
  public void close() {
    List<ProcessHandle> inside = unshare.descendants().toList();
    unshare.destroyForcibly().onExit().join();
    inside.forEach(process -> process.onExit().join());
  }
}
