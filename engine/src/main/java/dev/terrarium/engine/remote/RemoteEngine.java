package dev.terrarium.engine.remote;

import dev.terrarium.engine.Engine;
import dev.terrarium.engine.fact.Fact;
import dev.terrarium.engine.posix.DescriptorStreams;
import dev.terrarium.engine.posix.Posix;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The engine in a process of its own: looks and behaves like the one in this process, and may do
 * what this process may not.
 *
 * <p>When its process ends unasked, each call that waits and each later one throws {@link
 * EngineLostException} (an {@link IOException} where the method declares one), futures fail with
 * it, and {@link Fact.EngineLost} is the last fact. Another one can be opened at once.
 *
 * <p>Facts are heard in order, on one thread, before the call that caused them returns. Whoever
 * hears them must not call the engine from there: it would wait for an answer that it keeps itself
 * from reading.
 */
public final class RemoteEngine {

  /** What the commands that ask for a password need, and nothing else. */
  private static final Set<String> PASSED_ON =
      Set.of(
          "DBUS_SESSION_BUS_ADDRESS",
          "DISPLAY",
          "HOME",
          "LANG",
          "LANGUAGE",
          "LC_ALL",
          "LOGNAME",
          "SUDO_ASKPASS",
          "TERM",
          "USER",
          "WAYLAND_DISPLAY",
          "XAUTHORITY",
          "XDG_RUNTIME_DIR",
          "XDG_SESSION_ID");

  /** Root's commands are not looked for in a folder that a user has put into PATH. */
  private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  /** So much of what the server printed to standard error is remembered. */
  private static final int LOG_LIMIT = 8 << 10;

  /** And of that so much is shown. */
  private static final int LAST_LINES = 3;

  /** Between the end of a process's output and its own. */
  private static final Duration PARTING = Duration.ofSeconds(2);

  private final Process process;
  private final StringBuilder log = new StringBuilder();
  private volatile @Nullable Thread logReader;

  private RemoteEngine(Process process) {
    this.process = process;
  }

  /**
   * Opens the engine in the first of these ways that works.
   *
   * @param facts hears everything that happens there
   * @throws IOException if none works: one sentence with what the last one said
   */
  public static Engine open(List<Launch> ways, Consumer<Fact> facts) throws IOException {
    if (ways.isEmpty()) {
      throw new IOException("there is neither sudo nor pkexec here that could be asked");
    }
    List<IOException> refusals = new ArrayList<>();
    for (Launch way : ways) {
      try {
        return open(way, facts);
      } catch (IOException e) {
        refusals.add(e);
      }
    }
    IOException last = refusals.removeLast();
    refusals.forEach(last::addSuppressed);
    throw last;
  }

  /**
   * <pre>
   *            requests                      facts, results
   *   window ──write─────read─▶ server ──write─────read─▶ window
   *            │                                    └ the window's: no child inherits them
   *            └────────────────────────────────────┘
   * </pre>
   */
  private static Engine open(Launch way, Consumer<Fact> facts) throws IOException {
    Posix.forbidTracing();
    Posix.Pipe requests = Posix.pipe();
    Posix.Pipe messages = Posix.pipe();
    OutputStream out = DescriptorStreams.output(requests.writeEnd());
    InputStream in = DescriptorStreams.input(messages.readEnd());
    RemoteEngine server;
    try {
      server = new RemoteEngine(start(way, requests.readEnd(), messages.writeEnd()));
    } catch (IOException e) {
      out.close();
      in.close();
      throw e;
    } finally {
      Posix.close(requests.readEnd());
      Posix.close(messages.writeEnd());
    }
    server.listenToLog();
    Connection connection = new Connection(in, out, facts, server::epitaph);
    try {
      var _ = connection.hello().get(way.patience().toSeconds(), TimeUnit.SECONDS);
      return connection.engine();
    } catch (ExecutionException e) {
      String why = e.getCause() == null ? "" : String.valueOf(e.getCause().getMessage());
      throw new IOException("no engine through " + way.name() + ": " + why, e);
    } catch (TimeoutException e) {
      server.giveUp(out);
      throw new IOException(
          "no engine through %s within %d s".formatted(way.name(), way.patience().toSeconds()), e);
    } catch (InterruptedException e) {
      server.giveUp(out);
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while the engine was started");
    }
  }

  private static Process start(Launch way, int requests, int messages) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(way.command())
            .directory(new File("/"))
            .redirectInput(descriptor(requests))
            .redirectOutput(descriptor(messages));
    Map<String, String> environment = builder.environment();
    environment.keySet().retainAll(PASSED_ON);
    environment.put("PATH", PATH);
    return builder.start();
  }

  private static File descriptor(int number) {
    return new File("/proc/self/fd/" + number);
  }

  private void listenToLog() {
    Thread thread = Thread.ofPlatform().daemon().name("engine log").unstarted(this::readLog);
    logReader = thread;
    thread.start();
  }

  private void readLog() {
    try (Reader reader = new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8)) {
      char[] buffer = new char[1024];
      for (int n = reader.read(buffer); n >= 0; n = reader.read(buffer)) {
        synchronized (log) {
          log.append(buffer, 0, n);
          log.delete(0, Math.max(0, log.length() - LOG_LIMIT));
        }
      }
    } catch (IOException e) {
      // What it said so far is all that there is.
    }
  }

  /** What became of the server, and what it last said. */
  private String epitaph() {
    String fate = "has hung up";
    try {
      int status = process.onExit().get(PARTING.toSeconds(), TimeUnit.SECONDS).exitValue();
      // As a shell reports it, and the JDK with it.
      fate =
          status > 128 ? "was killed by signal " + (status - 128) : "ended with status " + status;
      Thread thread = logReader;
      if (thread != null) {
        var _ = thread.join(PARTING);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      // It has hung up and goes on living, which is all that can be said.
    }
    String said = lastWords();
    return "the engine's process " + fate + (said.isEmpty() ? "" : ": " + said);
  }

  private String lastWords() {
    synchronized (log) {
      List<String> lines =
          log.toString().lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
      return String.join("; ", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
    }
  }

  private void giveUp(OutputStream out) throws IOException {
    out.close();
    process.destroy();
  }
}
