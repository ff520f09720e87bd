package dev.terrarium.lessons.play;

import dev.terrarium.engine.Engine;
import dev.terrarium.engine.container.Container;
import dev.terrarium.engine.observe.Glance;
import dev.terrarium.engine.observe.Snapshot;
import dev.terrarium.lessons.expression.Expression;
import dev.terrarium.lessons.expression.ExpressionException;
import dev.terrarium.lessons.expression.World;
import dev.terrarium.lessons.format.Action;
import dev.terrarium.lessons.format.Lesson;
import dev.terrarium.lessons.format.LessonStep;
import dev.terrarium.lessons.format.Prediction;
import dev.terrarium.lessons.format.YourTurn;
import dev.terrarium.lessons.play.PlayerState.Phase;
import dev.terrarium.lessons.play.PlayerState.Verdict;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Plays a lesson on a live engine.
 *
 * <pre>
 *            advance                      no "your turn", or its check holds
 *   READY ───────────▶ RUNNING ─────────────────────────────────────────────▶ DONE
 *     ▲                   │ └──▶ YOUR_TURN ──── the check holds ────────────▶  │
 *     │                   ▼          │ the container ends                      │ advance
 *     │                FAILED ◀──────┘                                         │
 *     ├─ REBUILDING ◀──── back, jump, restart, advance from FAILED             ▼
 *     └──────────────────────────────────────────────────────── READY of the next step
 * </pre>
 *
 * One thread does everything, in order. A command that comes while the engine acts is dropped: it
 * was meant for the screen before.
 */
public final class LivePlayer implements LessonPlayer {

  private static final Logger LOG = LoggerFactory.getLogger(LivePlayer.class);

  /**
   * How often the host is glanced at while a container waits for the learner. It is polling because
   * /proc announces nothing.
   */
  private static final long GLANCE_MILLIS = 200;

  /** How long what was heard may wait for more of it: a fraction of a blink. */
  private static final long HEARD_MILLIS = 50;

  /** How long close() gives the present action; the longest one, kill and reap, has 10 s itself. */
  private static final long CLOSE_SECONDS = 30;

  private final Lesson lesson;
  private final Stage stage;
  private final Reel reel;
  private final ScheduledExecutorService thread;
  private final List<Consumer<PlayerState>> listeners = new CopyOnWriteArrayList<>();
  private final AtomicBoolean busy = new AtomicBoolean();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final AtomicBoolean heardMore = new AtomicBoolean();
  private volatile PlayerState state;

  // All below belong to the player's thread.
  private final Map<Integer, Integer> choices = new HashMap<>();
  private final Map<Integer, Verdict> verdicts = new HashMap<>();
  private int step;
  private int reached;
  private Phase phase = Phase.READY;
  private Optional<String> reason = Optional.empty();
  private Optional<String> failure = Optional.empty();
  private boolean begun;
  private boolean aliveAtRest;
  private Optional<Container> watched = Optional.empty();
  private Presence shown = Presence.NONE;
  private long published;
  private final Attention attention = new Attention();

  private LivePlayer(Engine engine, FactHub facts, Lesson lesson) {
    this.lesson = lesson;
    thread =
        Executors.newSingleThreadScheduledExecutor(
            task -> Thread.ofPlatform().daemon().name("lesson player").unstarted(task));
    reel = new Reel(facts, this::heard);
    stage = new Stage(engine, lesson.id(), reel::heard);
    state = snapshotOfState();
  }

  /**
   * Begins a lesson at its first step.
   *
   * @param engine on which it is played; it must publish its facts to the hub
   */
  public static LivePlayer open(Engine engine, FactHub facts, Lesson lesson) {
    LivePlayer player = new LivePlayer(engine, facts, lesson);
    player.thread.execute(player::firstLook);
    Thread.ofPlatform().daemon().name("lesson compiler").start(player::warmUp);
    var _ =
        player.thread.scheduleWithFixedDelay(
            player::glance, GLANCE_MILLIS, GLANCE_MILLIS, TimeUnit.MILLISECONDS);
    return player;
  }

  @Override
  public Lesson lesson() {
    return lesson;
  }

  @Override
  public PlayerState state() {
    return state;
  }

  @Override
  public void listen(Consumer<PlayerState> listener) {
    enqueue(() -> {
      listeners.add(listener);
      tell(listener);
    });
  }

  @Override
  public Optional<Container> container() {
    return stage.container();
  }

  @Override
  public void choose(int option) {
    enqueue(() -> {
      int options = lesson.steps().get(step).prediction().map(p -> p.options().size()).orElse(0);
      if (phase == Phase.READY && option >= 0 && option < options) {
        choices.put(step, option);
        publish();
      }
    });
  }

  @Override
  public void advance() {
    command(() -> {
      switch (phase) {
        case READY -> {
          if (present().prediction().isEmpty() || choices.containsKey(step)) {
            run();
          }
        }
        case DONE -> enter(step + 1);
        case FAILED -> {
          boolean again = begun;
          if (rebuild(step) && again) {
            run();
          }
        }
        case RUNNING, YOUR_TURN, REBUILDING -> {}
      }
    });
  }

  @Override
  public void back() {
    command(() -> {
      int target = phase == Phase.READY ? step - 1 : step;
      if (target >= 0) {
        revisit(target);
      }
    });
  }

  @Override
  public void jump(int target) {
    command(() -> {
      if (target >= 0 && target <= reached) {
        revisit(target);
      }
    });
  }

  @Override
  public void restart() {
    command(() -> {
      choices.clear();
      verdicts.clear();
      reached = 0;
      boolean ignored = rebuild(0);
    });
  }

  /** Only the step that is shown again forgets its answer; the others stay scored. */
  private void revisit(int target) {
    choices.remove(target);
    verdicts.remove(target);
    boolean ignored = rebuild(target);
  }

  private LessonStep present() {
    return lesson.steps().get(step);
  }

  private void enter(int next) {
    if (next < lesson.steps().size()) {
      step = next;
      reached = Math.max(reached, next);
      begun = false;
      rest(Phase.READY);
    }
  }

  /** Runs the present step: locks the prediction, acts, scores. */
  private void run() {
    begun = true;
    failure = Optional.empty();
    reason = Optional.empty();
    phase = Phase.RUNNING;
    publish();
    try {
      act(step);
      score();
      if (present().yourTurn().isPresent() && !held(present().yourTurn().get())) {
        rest(Phase.YOUR_TURN);
      } else {
        rest(Phase.DONE);
      }
    } catch (ActionFailedException | ExpressionException | RuntimeException e) {
      fail(e);
    }
  }

  /** The actions of a step and the moment that they make. */
  private void act(int number) throws ActionFailedException {
    reel.startOfStep(number, stage.observe(), stage.belongings());
    for (Action action : lesson.steps().get(number).actions()) {
      stage.perform(action);
    }
    endOfStep(number, stage.seenSinceActed());
  }

  private void endOfStep(int number, Snapshot seen) {
    reel.endOfStep(number, seen, stage.livingPid(), stage.belongings());
  }

  private void score() throws ExpressionException {
    Optional<Prediction> prediction = present().prediction();
    if (prediction.isEmpty()) {
      return;
    }
    World world = stage.world();
    String observed = stage.expression(prediction.get().observe()).text(world);
    Optional<Integer> correct = Optional.empty();
    List<String> options = prediction.get().options();
    for (int i = 0; i < options.size() && correct.isEmpty(); i++) {
      if (stage.expression(options.get(i)).text(world).equals(observed)) {
        correct = Optional.of(i);
      }
    }
    verdicts.put(step, new Verdict(choices.getOrDefault(step, 0), correct, observed));
  }

  /**
   * Whether the learner's part is done, by what was seen last; keeps its values if so, and says
   * what is missing if not.
   */
  private boolean held(YourTurn yourTurn) throws ExpressionException {
    reason = stage.missing(stage.expression(yourTurn.check()));
    if (reason.isPresent()) {
      return false;
    }
    keep(yourTurn);
    return true;
  }

  private void keep(YourTurn yourTurn) throws ExpressionException {
    for (Action.Keep keep : yourTurn.keep()) {
      stage.keep(keep);
    }
  }

  /** Makes the world again as it is before a step, for real, by doing all steps before it. */
  private boolean rebuild(int target) {
    step = target;
    begun = false;
    failure = Optional.empty();
    reason = Optional.empty();
    phase = Phase.REBUILDING;
    publish();
    try {
      stage.reset();
      reel.clear();
      for (int number = 0; number < target; number++) {
        act(number);
        Optional<YourTurn> yourTurn = lesson.steps().get(number).yourTurn();
        if (yourTurn.isPresent()) {
          solve(number, yourTurn.get());
        }
      }
      stage.observe();
      rest(Phase.READY);
      return true;
    } catch (ActionFailedException | ExpressionException | RuntimeException e) {
      fail(e);
    }
    return false;
  }

  private void solve(int number, YourTurn yourTurn)
      throws ActionFailedException, ExpressionException {
    stage.typeSolution(yourTurn.solution());
    stage.await(yourTurn.check());
    keep(yourTurn);
    endOfStep(number, stage.observe());
  }

  private void fail(Exception cause) {
    String message = cause.getMessage();
    fail(message == null ? cause.getClass().getSimpleName() : message);
  }

  private void fail(String line) {
    failure = Optional.of(line);
    rest(Phase.FAILED);
  }

  /** Shows a phase in which the learner can do something, and watches the container meanwhile. */
  private void rest(Phase now) {
    phase = now;
    aliveAtRest = stage.running();
    Optional<Container> resting = stage.container().filter(c -> aliveAtRest);
    if (resting.isPresent() && !resting.equals(watched)) {
      Container container = resting.get();
      var _ = container.exited().whenComplete((status, lost) -> enqueue(() -> ended(container)));
      watched = resting;
    }
    publish();
  }

  /** The container ended while it was the learner's turn to act, perhaps by an {@code exit}. */
  private void ended(Container container) {
    if (!aliveAtRest || stage.container().filter(container::equals).isEmpty()) {
      return;
    }
    aliveAtRest = false;
    look(phase);
    boolean finished = phase == Phase.DONE && step == lesson.steps().size() - 1;
    if (phase == Phase.READY || phase == Phase.YOUR_TURN || (phase == Phase.DONE && !finished)) {
      String status = Stage.status(container).map(World::status).orElse("was lost");
      fail("the container is gone: its first process " + status);
    } else {
      publish();
    }
  }

  /**
   * A program in the container was heard; on any thread. A shell that does much at once is shown
   * once.
   */
  private void heard() {
    if (heardMore.compareAndSet(false, true)) {
      try {
        var _ = thread.schedule(this::showHeard, HEARD_MILLIS, TimeUnit.MILLISECONDS);
      } catch (RejectedExecutionException e) {
        // The player is closed, and nobody waits for an answer.
      }
    }
  }

  private void showHeard() {
    heardMore.set(false);
    switch (phase) {
      case YOUR_TURN -> {
        look(phase);
        publish();
      }
      case READY, DONE, FAILED -> publish();
      case RUNNING, REBUILDING -> {}
    }
  }

  private void glance() {
    boolean resting = phase == Phase.READY || phase == Phase.YOUR_TURN || phase == Phase.DONE;
    if (!resting || !aliveAtRest || closed.get()) {
      return;
    }
    try {
      Glance glance = stage.glance();
      long began = System.nanoTime();
      if (attention.due(glance, began)) {
        look(phase);
        attention.looked(glance, began, System.nanoTime());
      }
    } catch (RuntimeException e) {
      fail(e);
    }
  }

  /** Looks at the host and shows what is new. */
  private void look(Phase at) {
    Optional<String> before = reason;
    try {
      Presence now = Presence.of(stage.observe(), stage.trace());
      Optional<YourTurn> yourTurn = present().yourTurn();
      if (at == Phase.YOUR_TURN && yourTurn.isPresent() && held(yourTurn.get())) {
        endOfStep(step, stage.observe());
        rest(Phase.DONE);
      } else if (!now.equals(shown) || !reason.equals(before)) {
        publish();
      }
    } catch (ExpressionException | RuntimeException e) {
      fail(e);
    }
  }

  private void firstLook() {
    try {
      stage.observe();
      publish();
    } catch (RuntimeException e) {
      fail(e);
    }
  }

  /** While the learner reads, on a thread of its own: the first expression takes a second. */
  private void warmUp() {
    for (LessonStep each : lesson.steps()) {
      each.prediction().ifPresent(prediction -> warmUp(prediction.observe()));
      each.yourTurn().ifPresent(yourTurn -> warmUp(yourTurn.check()));
    }
  }

  private void warmUp(String text) {
    try {
      Expression ignored = stage.expression(text);
    } catch (ExpressionException e) {
      LOG.debug("found again, and shown, when its step runs", e);
    }
  }

  private PlayerState snapshotOfState() {
    return new PlayerState(
        step,
        phase,
        choices,
        verdicts,
        reason,
        stage.values(),
        stage.livingPid(),
        reel.moments(),
        stage.seen(),
        stage.belongings(),
        failure);
  }

  private void publish() {
    published++;
    shown = stage.seen().map(seen -> Presence.of(seen, stage.trace())).orElse(Presence.NONE);
    state = snapshotOfState();
    if (phase != Phase.RUNNING && phase != Phase.REBUILDING) {
      // Before the listeners hear it, so that one of them may answer with a command.
      busy.set(false);
    }
    listeners.forEach(this::tell);
  }

  private void tell(Consumer<PlayerState> listener) {
    try {
      listener.accept(state);
    } catch (RuntimeException e) {
      // A screen that cannot draw must not stop the lesson for the others.
      LOG.warn("a listener of lesson {} failed", lesson.id(), e);
    }
  }

  private void command(Runnable work) {
    if (!busy.compareAndSet(false, true)) {
      return;
    }
    enqueue(() -> {
      long before = published;
      work.run();
      if (published == before) {
        busy.set(false);
      }
    });
  }

  private void enqueue(Runnable work) {
    try {
      thread.execute(work);
    } catch (RejectedExecutionException e) {
      // The player is closed, and nobody waits for an answer.
    }
  }

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    listeners.clear();
    thread.shutdown();
    stage.abort();
    try {
      if (!thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException(
            "the lesson's present action did not end within " + CLOSE_SECONDS + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      stage.close();
      reel.close();
    }
  }
}
