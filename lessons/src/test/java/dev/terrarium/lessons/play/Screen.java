package dev.terrarium.lessons.play;

import dev.terrarium.engine.console.Console;
import dev.terrarium.engine.container.Container;
import dev.terrarium.lessons.play.PlayerState.Phase;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** What a window would do with a player: hear its states and press its buttons. */
final class Screen {

  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final LessonPlayer player;
  private final BlockingQueue<PlayerState> states = new LinkedBlockingQueue<>();

  Screen(LessonPlayer player) {
    this.player = player;
    player.listen(states::add);
  }

  /** The next state that is like this; everything before it is forgotten. */
  PlayerState await(Predicate<PlayerState> wanted) throws InterruptedException {
    PlayerState last = player.state();
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (true) {
      PlayerState state = states.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (state == null) {
        throw new AssertionError(
            "waited in vain; step " + last.step() + " is " + last.phase() + ", " + last.failure());
      }
      if (wanted.test(state)) {
        return state;
      }
      last = state;
    }
  }

  PlayerState await(int step, Phase phase) throws InterruptedException {
    return await(state -> state.step() == step && state.phase() == phase);
  }

  /** The state once everything that was asked of the player so far is done. */
  PlayerState settled() throws InterruptedException {
    BlockingQueue<PlayerState> first = new LinkedBlockingQueue<>();
    player.listen(first::add);
    PlayerState state = first.poll(LIMIT.toSeconds(), TimeUnit.SECONDS);
    if (state == null) {
      throw new AssertionError("the player does not answer");
    }
    return state;
  }

  /** Does all before a step as a person who always takes the first option. */
  PlayerState playUpTo(int step) throws InterruptedException, IOException {
    PlayerState state = await(player.state().step(), Phase.READY);
    while (state.step() < step) {
      int present = state.step();
      run(present);
      player.advance();
      state = await(present + 1, Phase.READY);
    }
    return state;
  }

  /** Runs the step that is READY, its "your turn" included. */
  PlayerState run(int step) throws InterruptedException, IOException {
    player.choose(0);
    player.advance();
    PlayerState state =
        await(s ->
            s.phase() == Phase.DONE || s.phase() == Phase.YOUR_TURN || s.phase() == Phase.FAILED);
    if (state.phase() == Phase.YOUR_TURN) {
      String ignored = type(player.lesson().steps().get(step).yourTurn().orElseThrow().solution());
      state = await(step, Phase.DONE);
    }
    return state;
  }

  /** As a person would in the container's terminal; returns what it printed. */
  String type(String line) throws InterruptedException, IOException {
    return console().ask(line, LIMIT);
  }

  Console console() {
    return player.container().flatMap(Container::console).orElseThrow();
  }
}
