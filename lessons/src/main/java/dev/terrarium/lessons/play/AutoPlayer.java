package dev.terrarium.lessons.play;

import dev.terrarium.engine.Engine;
import dev.terrarium.engine.console.Console;
import dev.terrarium.engine.container.Container;
import dev.terrarium.lessons.format.Lesson;
import dev.terrarium.lessons.format.Placeholders;
import dev.terrarium.lessons.format.StepProse;
import dev.terrarium.lessons.play.PlayerState.Phase;
import dev.terrarium.lessons.play.PlayerState.Verdict;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntUnaryOperator;
import java.util.function.Predicate;

/**
 * Plays a lesson to its end without a person: guesses, types the solutions, and says of each step
 * whether it did what the lesson promises. The proof that a lesson works on this host.
 */
public final class AutoPlayer {

  private static final Duration LIMIT = Duration.ofSeconds(90);

  /**
   * What became of the whole lesson.
   *
   * @param lesson its id
   * @param steps those that were played; the last one has failed, or is the lesson's last
   */
  public record Report(String lesson, List<StepReport> steps) {
    public Report {
      steps = List.copyOf(steps);
    }

    /** Whether every step did what the lesson promises. */
    public boolean passed() {
      return steps.stream().allMatch(step -> step.failure().isEmpty());
    }
  }

  /**
   * What became of a step.
   *
   * @param number from 1
   * @param id in lesson.json
   * @param title in the language asked for
   * @param prediction how the guess came out, if the step asks for one
   * @param yourTurn what was typed, if the step asks for it
   * @param calls how many system calls were made
   * @param failure what the step did not keep of its promise, one line
   */
  public record StepReport(
      int number,
      String id,
      String title,
      Optional<PredictionReport> prediction,
      Optional<YourTurnReport> yourTurn,
      int calls,
      Optional<String> failure) {}

  /**
   * A guess and the kernel's answer.
   *
   * @param question as it was asked
   * @param chosen the option that was locked
   * @param observed the kernel's answer
   * @param correct the option that it equals, if any does
   * @param right whether that is the chosen one
   */
  public record PredictionReport(
      String question, String chosen, String observed, Optional<String> correct, boolean right) {}

  /**
   * The learner's part.
   *
   * @param typed the solution
   * @param missingBefore why the check did not hold before it was typed
   */
  public record YourTurnReport(String typed, String missingBefore) {}

  private final LessonPlayer player;
  private final String language;
  private final IntUnaryOperator guesses;
  private final BlockingQueue<PlayerState> states = new LinkedBlockingQueue<>();

  private AutoPlayer(LessonPlayer player, String language, IntUnaryOperator guesses) {
    this.player = player;
    this.language = language;
    this.guesses = guesses;
  }

  /**
   * Plays and closes what it made.
   *
   * @param guesses the option to lock, by step from 0; all zeros will do
   * @param progress hears each step's report when the step is over
   */
  public static Report play(
      Engine engine,
      FactHub facts,
      Lesson lesson,
      String language,
      IntUnaryOperator guesses,
      Consumer<StepReport> progress)
      throws InterruptedException {
    try (LessonPlayer player = LivePlayer.open(engine, facts, lesson)) {
      return new AutoPlayer(player, language, guesses).play(progress);
    }
  }

  private Report play(Consumer<StepReport> progress) throws InterruptedException {
    player.listen(states::add);
    List<StepReport> reports = new ArrayList<>();
    int count = player.lesson().steps().size();
    for (int step = 0; step < count; step++) {
      StepReport report = step(step);
      reports.add(report);
      progress.accept(report);
      if (report.failure().isPresent()) {
        break;
      }
      player.advance();
    }
    return new Report(player.lesson().id(), reports);
  }

  private StepReport step(int step) throws InterruptedException {
    Optional<PlayerState> ready = await(state -> state.step() == step && rests(state));
    if (ready.isEmpty() || ready.get().phase() != Phase.READY) {
      return report(step, player.state(), Optional.empty(), Optional.of(failureOf(ready)));
    }
    if (player.lesson().steps().get(step).prediction().isPresent()) {
      player.choose(guesses.applyAsInt(step));
    }
    player.advance();
    Optional<PlayerState> acted = await(state -> rests(state) && state.phase() != Phase.READY);
    Optional<YourTurnReport> yourTurn = Optional.empty();
    if (acted.isPresent() && acted.get().phase() == Phase.YOUR_TURN) {
      yourTurn = Optional.of(type(step, acted.get()));
      acted = await(state -> state.phase() == Phase.DONE || state.phase() == Phase.FAILED);
    }
    return report(step, player.state(), yourTurn, problem(step, acted, yourTurn));
  }

  private YourTurnReport type(int step, PlayerState state) throws InterruptedException {
    String solution =
        Placeholders.fill(
            player.lesson().steps().get(step).yourTurn().orElseThrow().solution(), state.values());
    Optional<Console> console = player.container().flatMap(Container::console);
    if (console.isPresent()) {
      try {
        String ignored = console.get().ask(solution, LIMIT);
      } catch (IOException e) {
        // The solution may end the shell; the check tells whether it was right.
      }
    }
    return new YourTurnReport(solution, state.reason().orElse(""));
  }

  private Optional<String> problem(
      int step, Optional<PlayerState> last, Optional<YourTurnReport> yourTurn) {
    if (last.isEmpty() || last.get().phase() == Phase.FAILED) {
      return Optional.of(failureOf(last));
    }
    if (player.lesson().steps().get(step).yourTurn().isPresent() && yourTurn.isEmpty()) {
      return Optional.of("the check holds before anybody has done anything");
    }
    Optional<Verdict> verdict = Optional.ofNullable(last.get().verdicts().get(step));
    if (verdict.isPresent() && verdict.get().correct().isEmpty()) {
      return Optional.of("no option stands for what was observed: " + verdict.get().observed());
    }
    return Optional.empty();
  }

  private static String failureOf(Optional<PlayerState> last) {
    return last.flatMap(PlayerState::failure)
        .orElse("nothing came of it within " + LIMIT.toSeconds() + " s");
  }

  private StepReport report(
      int step, PlayerState state, Optional<YourTurnReport> yourTurn, Optional<String> failure) {
    StepProse prose = player.lesson().prose(language, step);
    int calls =
        state.moments().stream()
            .filter(moment -> moment.step() == step)
            .mapToInt(moment -> moment.calls().size())
            .sum();
    return new StepReport(
        step + 1,
        player.lesson().steps().get(step).id(),
        Placeholders.fill(prose.title(), state.values()),
        Optional.ofNullable(state.verdicts().get(step)).map(v -> prediction(prose, state, v)),
        yourTurn,
        calls,
        failure);
  }

  private static PredictionReport prediction(StepProse prose, PlayerState state, Verdict verdict) {
    return new PredictionReport(
        Placeholders.fill(prose.question().orElse(""), state.values()),
        Placeholders.fill(prose.options().get(verdict.chosen()), state.values()),
        verdict.observed(),
        verdict.correct().map(i -> Placeholders.fill(prose.options().get(i), state.values())),
        verdict.right());
  }

  private static boolean rests(PlayerState state) {
    return state.phase() != Phase.RUNNING && state.phase() != Phase.REBUILDING;
  }

  private Optional<PlayerState> await(Predicate<PlayerState> wanted) throws InterruptedException {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (true) {
      PlayerState state = states.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (state == null || wanted.test(state)) {
        return Optional.ofNullable(state);
      }
    }
  }
}
