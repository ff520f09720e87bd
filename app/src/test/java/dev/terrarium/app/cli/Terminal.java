package dev.terrarium.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.pty4j.PtyProcess;
import com.pty4j.PtyProcessBuilder;
import com.pty4j.WinSize;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A person in front of a terminal: reads what is on it, and types. */
final class Terminal implements AutoCloseable {
  private final PtyProcess process;
  private final StringBuilder screen = new StringBuilder();
  private int seen;
  private final Reader reader;

  private Terminal(PtyProcess process) {
    this.process = process;
    this.reader = new InputStreamReader(process.getInputStream(), UTF_8);
  }

  static Terminal start(List<String> command, Map<String, String> env, int columns, int rows)
      throws IOException {
    Map<String, String> all = new HashMap<>(System.getenv());
    all.putAll(env);
    all.put("TERM", "vt100");
    return new Terminal(
        new PtyProcessBuilder(command.toArray(String[]::new))
            .setEnvironment(all)
            .setInitialColumns(columns)
            .setInitialRows(rows)
            .start());
  }

  /** Reads until that appears, after what was awaited before. Returns what came up to it. */
  String await(String text) throws IOException {
    char[] buffer = new char[1024];
    while (screen.indexOf(text, seen) < 0) {
      int count = reader.read(buffer);
      if (count < 0) {
        throw new AssertionError("it ended, and never showed " + text + " but: " + screen);
      }
      screen.append(buffer, 0, count);
    }
    int end = screen.indexOf(text, seen) + text.length();
    String shown = screen.substring(seen, end);
    seen = end;
    return shown;
  }

  void type(String text) throws IOException {
    process.getOutputStream().write(text.getBytes(UTF_8));
    process.getOutputStream().flush();
  }

  void resize(int columns, int rows) {
    process.setWinSize(new WinSize(columns, rows));
  }

  /** Reads to the end, and returns all that was ever shown. */
  String all() throws IOException {
    char[] buffer = new char[1024];
    try {
      for (int n = reader.read(buffer); n >= 0; n = reader.read(buffer)) {
        screen.append(buffer, 0, n);
      }
    } catch (IOException e) {
      // EIO: nobody has the other side open any more. pty(7)
    }
    return screen.toString();
  }

  int status() throws InterruptedException {
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new AssertionError("it does not end");
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
