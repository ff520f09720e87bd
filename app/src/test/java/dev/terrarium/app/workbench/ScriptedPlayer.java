package dev.terrarium.app.workbench;

import dev.terrarium.engine.container.Container;
import dev.terrarium.engine.observe.NamespaceSet;
import dev.terrarium.engine.observe.ProcessInfo;
import dev.terrarium.engine.observe.Snapshot;
import dev.terrarium.engine.syscall.Arg;
import dev.terrarium.engine.syscall.SyscallEvent;
import dev.terrarium.lessons.expression.Belongings;
import dev.terrarium.lessons.format.Lesson;
import dev.terrarium.lessons.play.LessonPlayer;
import dev.terrarium.lessons.play.PlayerState;
import dev.terrarium.lessons.play.PlayerState.Moment;
import dev.terrarium.lessons.play.PlayerState.Phase;
import dev.terrarium.lessons.play.PlayerState.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * A player without a kernel, for tests of what the window does with states: each step "runs" at
 * once, on the caller's thread. Option 1 is always right.
 */
final class ScriptedPlayer implements LessonPlayer {

  private static final NamespaceSet HOST =
      new NamespaceSet(
          4026531836L,
          4026531841L,
          4026531838L,
          4026531839L,
          4026531840L,
          4026531837L,
          4026531835L,
          4026531834L);
  private static final NamespaceSet INSIDE =
      new NamespaceSet(
          4026532601L,
          4026532600L,
          4026531838L,
          4026531839L,
          4026531840L,
          4026531837L,
          4026531835L,
          4026531834L);

  private final Lesson lesson;
  private final List<Consumer<PlayerState>> listeners = new CopyOnWriteArrayList<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private volatile PlayerState state;

  ScriptedPlayer(Lesson lesson) {
    this.lesson = lesson;
    this.state = begin(0, List.of(), Map.of(), Map.of());
  }

  /** What the window asked of the player, in order. */
  List<String> asked() {
    return asked;
  }

  /** Lets the present "your turn" check hold. */
  void solve() {
    publish(with(Phase.DONE, Optional.empty(), state.verdicts(), state.moments(), state.failure()));
  }

  /** Lets the present check say why it does not hold yet. */
  void reason(String reason) {
    publish(
        with(
            state.phase(),
            Optional.of(reason),
            state.verdicts(),
            state.moments(),
            state.failure()));
  }

  /** Lets the present step fail. */
  void fail(String line) {
    publish(
        with(Phase.FAILED, Optional.empty(), state.verdicts(), state.moments(), Optional.of(line)));
  }

  /** Lets the present step hang. */
  void hang() {
    publish(
        with(Phase.RUNNING, Optional.empty(), state.verdicts(), state.moments(), Optional.empty()));
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
    listeners.add(listener);
    listener.accept(state);
  }

  @Override
  public void choose(int option) {
    asked.add("choose " + option);
    Map<Integer, Integer> choices = new HashMap<>(state.choices());
    choices.put(state.step(), option);
    publish(
        new PlayerState(
            state.step(),
            state.phase(),
            choices,
            state.verdicts(),
            state.reason(),
            state.values(),
            state.containerPid(),
            state.moments(),
            state.live(),
            state.belongings(),
            state.failure()));
  }

  @Override
  public void advance() {
    asked.add("advance");
    if (state.phase() == Phase.DONE) {
      publish(begin(state.step() + 1, state.moments(), state.choices(), state.verdicts()));
      return;
    }
    int step = state.step();
    Map<Integer, Verdict> verdicts = new HashMap<>(state.verdicts());
    if (lesson.steps().get(step).prediction().isPresent()) {
      verdicts.put(step, new Verdict(state.choices().getOrDefault(step, 0), Optional.of(1), "1"));
    }
    List<Moment> moments = new ArrayList<>(state.moments());
    moments.add(
        new Moment(
            step,
            snapshot(step > 0),
            List.of(call()),
            List.of(),
            List.of(),
            pidAt(step),
            Belongings.NONE));
    boolean turn = lesson.steps().get(step).yourTurn().isPresent();
    publish(
        with(
            turn ? Phase.YOUR_TURN : Phase.DONE,
            turn ? Optional.of("hostname is still \"vm\"") : Optional.empty(),
            verdicts,
            moments,
            Optional.empty()));
  }

  @Override
  public void back() {
    asked.add("back");
    int step = state.phase() == Phase.READY ? state.step() - 1 : state.step();
    publish(begin(step, before(step), state.choices(), state.verdicts()));
  }

  @Override
  public void jump(int step) {
    asked.add("jump " + step);
    publish(begin(step, before(step), state.choices(), state.verdicts()));
  }

  @Override
  public void restart() {
    asked.add("restart");
    publish(begin(0, List.of(), Map.of(), Map.of()));
  }

  @Override
  public Optional<Container> container() {
    return Optional.empty();
  }

  @Override
  public void close() {
    asked.add("close");
  }

  private List<Moment> before(int step) {
    return state.moments().stream().filter(moment -> moment.step() < step).toList();
  }

  private void publish(PlayerState next) {
    state = next;
    listeners.forEach(listener -> listener.accept(next));
  }

  private static PlayerState begin(
      int step,
      List<Moment> moments,
      Map<Integer, Integer> choices,
      Map<Integer, Verdict> verdicts) {
    return new PlayerState(
        step,
        Phase.READY,
        choices,
        verdicts,
        Optional.empty(),
        step > 0 ? Map.of("pid", "8214", "shell", "8214") : Map.of(),
        pidAt(step - 1),
        moments,
        Optional.of(snapshot(step > 1)),
        Belongings.NONE,
        Optional.empty());
  }

  private PlayerState with(
      Phase phase,
      Optional<String> reason,
      Map<Integer, Verdict> verdicts,
      List<Moment> moments,
      Optional<String> failure) {
    return new PlayerState(
        state.step(),
        phase,
        state.choices(),
        verdicts,
        reason,
        Map.of("pid", "8214", "shell", "8214"),
        pidAt(state.step()),
        moments,
        Optional.of(snapshot(state.step() > 0)),
        Belongings.NONE,
        failure);
  }

  private static OptionalInt pidAt(int step) {
    return step > 0 ? OptionalInt.of(8214) : OptionalInt.empty();
  }

  private static SyscallEvent call() {
    return new SyscallEvent(
        Instant.parse("2026-01-01T14:02:11.204Z"),
        8102,
        "clone",
        List.of(new Arg.Flags(0x2002_0000L, List.of("CLONE_NEWPID", "CLONE_NEWNS"))),
        8214,
        Optional.empty(),
        41_000,
        Optional.of("new pid:[4026532601]"));
  }

  private static Snapshot snapshot(boolean container) {
    List<ProcessInfo> processes = new ArrayList<>();
    processes.add(process(1, 0, "systemd", List.of(1), HOST));
    processes.add(process(8102, 1, "terrarium-engine", List.of(8102), HOST));
    if (container) {
      processes.add(process(8214, 8102, "sh", List.of(8214, 1), INSIDE));
      processes.add(process(8215, 8214, "sleep 1000", List.of(8215, 2), INSIDE));
    }
    processes.add(process(8230, 1, "firefox", List.of(8230), HOST));
    return new Snapshot(Instant.parse("2026-01-01T14:02:11Z"), HOST, processes, Map.of());
  }

  private static ProcessInfo process(
      int pid, int ppid, String command, List<Integer> pids, NamespaceSet namespaces) {
    List<String> argv = List.of(command.split(" "));
    return new ProcessInfo(pid, ppid, 0, 'S', argv.getFirst(), argv, pids, namespaces, pid);
  }
}
