package dev.terrarium.engine.console;

import com.pty4j.WinSize;
import com.pty4j.unix.Pty;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** A {@link Console} on a pseudo-terminal of the kernel. */
public final class PtyConsole implements Console {

  /**
   * Marks where a prompt begins and where it ends and typing begins: the OSC 133 sequences by which
   * terminals know prompts. They are part of the prompt ({@link #prompt}) and invisible.
   */
  private static final String PROMPT_BEGINS = "\u001b]133;A\u0007";

  private static final String PROMPT_ENDS = "\u001b]133;B\u0007";

  /** CSI and OSC sequences, and the bell. */
  private static final Pattern CONTROL =
      Pattern.compile(
          "\u001b\\[[0-9;?]*[ -/]*[@-~]|\u001b\\][^\u0007\u001b]*(\u0007|\u001b\\\\)|\u0007");

  /**
   * Device Status Report: busybox asks after each prompt in which column it stands. Unanswered, it
   * sleeps 20 ms at the next Enter and throws away what was typed meanwhile; and there need not be
   * a terminal widget to answer.
   */
  private static final String WHERE = "\u001b[6n";

  private static final String IN_THE_FIRST_COLUMN = "\u001b[1;1R";

  private static final int TRANSCRIPT_LIMIT = 256 * 1024;

  private final String name;
  private final Pty pty;
  private final OutputStream keyboard;
  private final Thread reader;
  private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition printed = lock.newCondition();
  private final StringBuilder transcript = new StringBuilder();
  private boolean ended;

  private PtyConsole(String name, Pty pty) {
    this.name = name;
    this.pty = pty;
    this.keyboard = pty.getOutputStream();
    this.reader = Thread.ofPlatform().daemon().name("console " + name).unstarted(this::read);
  }

  /** Opens a new pseudo-terminal. */
  public static PtyConsole open(String name) throws IOException {
    PtyConsole console = new PtyConsole(name, new Pty());
    console.resize(100, 24);
    console.reader.start();
    return console;
  }

  /**
   * The PS1 by which a shell marks its prompts for {@link #ask}.
   *
   * @param visible what a person sees, such as {@code "/ # "}
   * @param lineEditing whether the shell edits lines itself and so must be told which characters
   *     have no width
   */
  public static String prompt(String visible, boolean lineEditing) {
    String open = lineEditing ? "\\[" : "";
    String close = lineEditing ? "\\]" : "";
    return open + PROMPT_BEGINS + close + visible + open + PROMPT_ENDS + close;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String slavePath() {
    return pty.getSlaveName();
  }

  @Override
  public void type(String text) throws IOException {
    keyboard.write(text.getBytes(StandardCharsets.UTF_8));
    keyboard.flush();
  }

  @Override
  public String ask(String line, Duration limit) throws IOException, InterruptedException {
    lock.lock();
    try {
      long deadline = System.nanoTime() + limit.toNanos();
      awaitPrompt(0, deadline, line);
      int from = transcript.length();
      // What somebody has half typed would become part of the line: Ctrl-U kills it.
      type("\u0015" + line + "\n");
      awaitEcho(from, deadline, line);
      awaitPrompt(transcript.indexOf("\n", from), deadline, line);
      return answer(transcript.substring(from));
    } finally {
      lock.unlock();
    }
  }

  /** Until then the shell may redraw its prompt. */
  private void awaitEcho(int from, long deadline, String line)
      throws IOException, InterruptedException {
    awaitText("\n", from, deadline, line);
  }

  private void awaitPrompt(int from, long deadline, String line)
      throws IOException, InterruptedException {
    awaitText(PROMPT_ENDS, from, deadline, line);
  }

  /** Waits, holding the lock, until the text from that position on holds that piece. */
  private void awaitText(String piece, int from, long deadline, String line)
      throws IOException, InterruptedException {
    while (transcript.indexOf(piece, from) < 0) {
      if (ended) {
        throw new IOException("the terminal of " + name + " closed before it answered: " + line);
      }
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        throw new IOException("the shell in " + name + " did not come back from: " + line);
      }
      // The result only tells that time is up, which the loop finds out anyway.
      var _ = printed.awaitNanos(left);
    }
  }

  /** What stands between the echo of the line and the next prompt. */
  private static String answer(String printed) {
    int echoEnd = printed.indexOf('\n');
    int promptBegin = printed.indexOf(PROMPT_BEGINS, Math.max(echoEnd, 0));
    if (echoEnd < 0 || promptBegin < 0) {
      return "";
    }
    String plain = CONTROL.matcher(printed.substring(echoEnd + 1, promptBegin)).replaceAll("");
    return plain.replace("\r\n", "\n").replace("\r", "").stripTrailing();
  }

  @Override
  public Subscription listen(Consumer<String> listener) {
    lock.lock();
    try {
      if (!transcript.isEmpty()) {
        listener.accept(transcript.toString());
      }
      listeners.add(listener);
    } finally {
      lock.unlock();
    }
    return () -> listeners.remove(listener);
  }

  @Override
  public boolean awaitEnd(Duration limit) throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    lock.lock();
    try {
      while (!ended) {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          return false;
        }
        var _ = printed.awaitNanos(left);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void resize(int columns, int rows) {
    try {
      // The process is only named in the error message.
      pty.setWindowSize(new WinSize(columns, rows), null);
    } catch (Exception e) {
      // Nobody is there any more to be told.
    }
  }

  private void read() {
    try (InputStream master = pty.getInputStream();
        Reader decoder = new InputStreamReader(master, StandardCharsets.UTF_8)) {
      char[] buffer = new char[8192];
      int count;
      while ((count = decoder.read(buffer)) >= 0) {
        hear(new String(buffer, 0, count));
      }
    } catch (IOException | UncheckedIOException e) {
      // EIO: the last process has closed the slave side. pty(7)
    } finally {
      lock.lock();
      try {
        ended = true;
        printed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  private void hear(String text) {
    lock.lock();
    try {
      transcript.append(text);
      if (transcript.length() > 2 * TRANSCRIPT_LIMIT) {
        transcript.delete(0, transcript.length() - TRANSCRIPT_LIMIT);
      }
      listeners.forEach(listener -> listener.accept(text));
      if (text.endsWith(WHERE) && transcript.indexOf(PROMPT_ENDS + WHERE, promptFrom()) >= 0) {
        answerWhere();
      }
      printed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private int promptFrom() {
    return Math.max(0, transcript.length() - PROMPT_ENDS.length() - WHERE.length());
  }

  private void answerWhere() {
    try {
      type(IN_THE_FIRST_COLUMN);
    } catch (IOException e) {
      // The terminal is closing; then nobody waits for the answer.
    }
  }

  @Override
  public void close() {
    try {
      pty.close();
    } catch (IOException e) {
      // It was closed already.
    }
    try {
      reader.join(TimeUnit.SECONDS.toMillis(2));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
