package dev.terrarium.app.cli;

import dev.terrarium.engine.console.Console;
import dev.terrarium.engine.container.Container;
import dev.terrarium.lessons.format.LessonStep;
import dev.terrarium.lessons.play.LessonPlayer;
import dev.terrarium.lessons.play.PlayerState;
import dev.terrarium.lessons.play.PlayerState.Phase;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Plays a lesson with a learner who types lines, or with nobody.
 *
 * <p>Two things happen at their own pace, the player's states and the learner's lines; both enter
 * one queue and are dealt with on one thread. A line that comes while the engine works waits until
 * the player has come to rest, so that a whole lesson can also be played from a file.
 */
final class LessonSession {
  /** A shell that has not answered by then runs something; the lesson goes on without it. */
  private static final Duration ANSWER = Duration.ofSeconds(5);

  /** After a line to the shell, how long the check may take to notice before the next line goes. */
  private static final long NOTICE_MILLIS = 700;

  /** Nobody is there to help if the solution does not fulfil the check. */
  private static final long GIVE_UP_MILLIS = 30_000;

  private sealed interface Event {
    record Changed(PlayerState state) implements Event {}

    record Typed(String line) implements Event {}

    record InputEnded() implements Event {}
  }

  private final LessonPlayer player;
  private final LessonScreen screen;
  private final boolean auto;
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final Deque<Event> lines = new ArrayDeque<>();
  private @Nullable PlayerState state;
  private boolean busy;
  private int hints;
  private @Nullable Integer status;

  LessonSession(LessonPlayer player, LessonScreen screen, boolean auto) {
    this.player = player;
    this.screen = screen;
    this.auto = auto;
  }

  /**
   * Plays until the end.
   *
   * @return 0 if the last step was reached or the learner left, 1 if a step failed with nobody to
   *     help or the input ended before
   */
  int play(InputStream in) throws InterruptedException {
    player.listen(next -> events.add(new Event.Changed(next)));
    if (!auto) {
      Thread.ofPlatform().daemon().name("lesson stdin").start(() -> read(in));
    }
    while (status == null) {
      Event event = auto ? events.poll(GIVE_UP_MILLIS, TimeUnit.MILLISECONDS) : events.take();
      if (event == null) {
        throw Failure.of("step %d did not come to its end".formatted(position()));
      }
      deal(event);
      while (status == null && !busy && state != null && !lines.isEmpty()) {
        line(lines.removeFirst(), state);
      }
    }
    return status;
  }

  private void deal(Event event) {
    switch (event) {
      case Event.Changed changed -> changed(changed.state());
      case Event.Typed typed -> lines.add(typed);
      case Event.InputEnded ended -> lines.add(ended);
    }
  }

  // --- what the player does ---

  private void changed(PlayerState next) {
    PlayerState before = state;
    state = next;
    if (before != null && before.phase() == next.phase() && before.step() == next.step()) {
      return;
    }
    busy = next.phase() == Phase.RUNNING || next.phase() == Phase.REBUILDING;
    show(before == null ? Phase.READY : before.phase(), next);
    if (auto) {
      playAlone(next);
    }
  }

  private void show(Phase before, PlayerState now) {
    switch (now.phase()) {
      case READY -> {
        hints = 0;
        screen.ready(now);
      }
      case RUNNING -> {}
      case YOUR_TURN -> {
        screen.ran(now);
        screen.yourTurn(now);
      }
      case DONE -> {
        if (before == Phase.YOUR_TURN) {
          screen.holds(now);
        } else {
          screen.ran(now);
        }
      }
      case FAILED -> screen.failed(now);
      case REBUILDING -> screen.rebuilding(now);
    }
  }

  private void playAlone(PlayerState now) {
    switch (now.phase()) {
      case READY -> {
        if (step(now).prediction().isPresent()) {
          player.choose(0);
        }
        advance();
      }
      case YOUR_TURN ->
          step(now).yourTurn().ifPresent(task -> task.solution().lines().forEach(this::toShell));
      case DONE -> goOn(now);
      case FAILED -> status = ExitCodes.FAILED;
      case RUNNING, REBUILDING -> {}
    }
  }

  // --- what the learner does ---

  private void line(Event event, PlayerState now) throws InterruptedException {
    if (!(event instanceof Event.Typed typed)) {
      screen.note("terminal.ended", position(), player.lesson().steps().size());
      status = ExitCodes.FAILED;
      return;
    }
    String text = typed.line();
    switch (text.strip()) {
      case ":quit", ":q" -> status = ExitCodes.OK;
      case ":back", ":b" -> back(now);
      case ":hint", ":h" -> screen.hint(now, hints++);
      default -> answer(text, now);
    }
  }

  private void answer(String text, PlayerState now) throws InterruptedException {
    switch (now.phase()) {
      case READY -> predict(text, now);
      case YOUR_TURN -> {
        toShell(text);
        notice();
      }
      case DONE -> goOn(now);
      case FAILED -> advance();
      case RUNNING, REBUILDING -> {}
    }
  }

  private void predict(String text, PlayerState now) {
    int options = step(now).prediction().map(p -> p.options().size()).orElse(0);
    if (options == 0) {
      advance();
      return;
    }
    if (!text.strip().matches("[1-9]") || Integer.parseInt(text.strip()) > options) {
      screen.note("terminal.notAnOption");
      screen.note("terminal.choose", options);
      return;
    }
    player.choose(Integer.parseInt(text.strip()) - 1);
    advance();
  }

  private void back(PlayerState now) {
    if (now.step() > 0 || now.phase() != Phase.READY) {
      busy = true;
      player.back();
    }
  }

  private void goOn(PlayerState now) {
    if (now.step() == player.lesson().steps().size() - 1) {
      screen.finished(now);
      status = ExitCodes.OK;
    } else {
      advance();
    }
  }

  private void advance() {
    busy = true;
    player.advance();
  }

  private void toShell(String text) {
    Optional<Console> console = player.container().flatMap(Container::console);
    if (console.isEmpty()) {
      screen.note("terminal.noContainer");
      return;
    }
    try {
      screen.answered(console.get().ask(text, ANSWER));
    } catch (IOException e) {
      screen.note("terminal.stillRuns");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits a moment for the check to hold: the next line may be meant for the step after. */
  private void notice() throws InterruptedException {
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(NOTICE_MILLIS);
    while (status == null && state != null && state.phase() == Phase.YOUR_TURN) {
      Event event = events.poll(until - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (event == null) {
        state.reason().ifPresent(reason -> screen.note("terminal.notYet", reason));
        return;
      }
      deal(event);
    }
  }

  private LessonStep step(PlayerState now) {
    return player.lesson().steps().get(now.step());
  }

  private int position() {
    return state == null ? 1 : state.step() + 1;
  }

  private void read(InputStream in) {
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        events.add(new Event.Typed(line));
      }
    } catch (IOException e) {
      // As good as its end.
    }
    events.add(new Event.InputEnded());
  }
}
