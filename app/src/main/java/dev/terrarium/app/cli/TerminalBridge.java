package dev.terrarium.app.cli;

import dev.terrarium.engine.console.Console;
import dev.terrarium.engine.posix.RawTerminal;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Connects the terminal in front of which somebody sits with that of a container: what is typed
 * goes in as it is, what is printed comes out, and both screens have the same size.
 *
 * <pre>
 *   keyboard ──▶ our terminal, raw ──▶ this program ──▶ pty master │ slave, cooked ──▶ program inside
 *   screen   ◀───────────────────────────── ◀──────────────────── │
 * </pre>
 */
final class TerminalBridge implements AutoCloseable {
  private static final int STDIN = 0;

  private final Console console;
  private final Streams streams;
  private @Nullable RawTerminal ours;

  private TerminalBridge(Console console, Streams streams) {
    this.console = console;
    this.streams = streams;
  }

  /** Gives the container's terminal our size; else nothing happens until {@link #handOver}. */
  static TerminalBridge to(Console console, Streams streams) {
    TerminalBridge bridge = new TerminalBridge(console, streams);
    bridge.resize();
    ForwardedSignals.to(signal -> bridge.resize(), List.of("WINCH"));
    return bridge;
  }

  private void resize() {
    try {
      RawTerminal.Size size = RawTerminal.size(STDIN);
      if (size.columns() > 0 && size.rows() > 0) {
        console.resize(size.columns(), size.rows());
      }
    } catch (IOException e) {
      // Our terminal has gone; SIGHUP says so as well.
    }
  }

  private void print(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    streams.output().write(bytes, 0, bytes.length);
    streams.output().flush();
  }

  /** From now on each key goes inside, and what was and will be printed comes out. */
  void handOver() throws IOException {
    RawTerminal raw = RawTerminal.of(STDIN);
    ours = raw;
    // However this program ends: a terminal that stays raw is of no use to anybody.
    Runtime.getRuntime().addShutdownHook(new Thread(raw::close, "give the terminal back"));
    var _ = console.listen(this::print);
    // A daemon: nothing can wake it while nobody types, and nothing has to.
    Thread.ofPlatform().daemon().name("keyboard").start(this::carryKeys);
  }

  private void carryKeys() {
    try (Reader keys = new InputStreamReader(streams.in(), StandardCharsets.UTF_8)) {
      char[] buffer = new char[1024];
      for (int n = keys.read(buffer); n >= 0; n = keys.read(buffer)) {
        console.type(new String(buffer, 0, n));
      }
    } catch (IOException e) {
      // The container reads no more.
    }
  }

  /** Waits until all that was printed has come out. */
  void awaitOutput(Duration limit) throws InterruptedException {
    var _ = console.awaitEnd(limit);
  }

  @Override
  public void close() {
    if (ours != null) {
      ours.close();
    }
  }
}
