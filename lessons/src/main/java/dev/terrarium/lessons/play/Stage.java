package dev.terrarium.lessons.play;

import dev.terrarium.engine.Engine;
import dev.terrarium.engine.cgroup.CgroupReading;
import dev.terrarium.engine.console.Console;
import dev.terrarium.engine.container.Container;
import dev.terrarium.engine.fact.ExitStatus;
import dev.terrarium.engine.observe.Glance;
import dev.terrarium.engine.observe.NamespaceSet;
import dev.terrarium.engine.observe.NamespaceType;
import dev.terrarium.engine.observe.ProcessInfo;
import dev.terrarium.engine.observe.Snapshot;
import dev.terrarium.engine.spec.ContainerSpec;
import dev.terrarium.engine.spec.Filesystem;
import dev.terrarium.engine.spec.Hardening;
import dev.terrarium.engine.spec.Proc;
import dev.terrarium.engine.spec.Root;
import dev.terrarium.engine.spec.Stdio;
import dev.terrarium.engine.spec.Volume;
import dev.terrarium.engine.step.MountStep;
import dev.terrarium.engine.syscall.HeardCall;
import dev.terrarium.lessons.expression.Belongings;
import dev.terrarium.lessons.expression.ContainerTrace;
import dev.terrarium.lessons.expression.Expression;
import dev.terrarium.lessons.expression.ExpressionException;
import dev.terrarium.lessons.expression.Expressions;
import dev.terrarium.lessons.expression.World;
import dev.terrarium.lessons.format.Action;
import dev.terrarium.lessons.format.Placeholders;
import dev.terrarium.lessons.format.SignalName;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The live side of a lesson: its one container, what has been kept, and the newest look at the
 * host. Used by the player's thread alone, but for {@link #container} and {@link #abort}.
 */
final class Stage implements AutoCloseable {

  /** Generous: a loaded classroom machine, or an emulated one, is ten times slower than ours. */
  private static final Duration LIMIT = Duration.ofSeconds(20);

  /** How often an awaited state is looked for: /proc tells nobody when it changes. */
  private static final long AWAIT_MILLIS = 50;

  private final Engine engine;
  private final String name;
  private final Map<String, String> kept = new TreeMap<>();
  private final CountDownLatch aborted = new CountDownLatch(1);

  private volatile @Nullable Container container;
  private int started;
  private NamespaceSet namespaces = NamespaceSet.UNREADABLE;
  private @Nullable Snapshot latest;

  /** How the container had ended before the latest look: what was seen is not older than that. */
  private Optional<ExitStatus> ended = Optional.empty();

  private Belongings belongings = Belongings.NONE;
  private boolean acted;

  private final Supplier<List<HeardCall>> heard;

  /**
   * Nothing is started yet.
   *
   * @param heard what programs in the container were heard to call since the step began
   */
  Stage(Engine engine, String name, Supplier<List<HeardCall>> heard) {
    this.engine = engine;
    this.name = name;
    this.heard = heard;
  }

  /** The container, running or ended, until it is replaced or stopped. */
  Optional<Container> container() {
    return Optional.ofNullable(container);
  }

  boolean running() {
    return container().filter(c -> c.pid().isPresent() && !c.exited().isDone()).isPresent();
  }

  /** The first process's number on the host while it lives. */
  OptionalInt livingPid() {
    return running() ? container().orElseThrow().pid() : OptionalInt.empty();
  }

  /** Live values for the prose. */
  Map<String, String> values() {
    Map<String, String> values = new TreeMap<>(kept);
    container()
        .map(Container::pid)
        .filter(OptionalInt::isPresent)
        .ifPresent(pid -> values.put("pid", String.valueOf(pid.getAsInt())));
    return values;
  }

  /** What was seen last. */
  Snapshot latest() {
    Snapshot present = latest;
    return present == null ? observe() : present;
  }

  /** What was seen last, without looking. */
  Optional<Snapshot> seen() {
    return Optional.ofNullable(latest);
  }

  /** Looks at the host; expressions speak of what was seen last. */
  Snapshot observe() {
    ended = container().flatMap(Stage::status);
    Snapshot snapshot = engine.observe();
    latest = snapshot;
    belongings = container().map(Stage::belongings).orElse(Belongings.NONE);
    acted = false;
    OptionalInt pid = livingPid();
    if (pid.isPresent()) {
      snapshot
          .process(pid.getAsInt())
          .map(ProcessInfo::namespaces)
          .filter(seen -> seen.pid() != 0)
          .ifPresent(seen -> namespaces = seen);
    }
    return snapshot;
  }

  private static Belongings belongings(Container container) {
    // After its end the limits are history, and its last numbers are in the moment before.
    return new Belongings(container.layers(), container.cgroup().flatMap(CgroupReading::of));
  }

  /** What the container had besides processes when it was seen last. */
  Belongings belongings() {
    return belongings;
  }

  /** Glances at the host and, more closely, at the container as it was seen last. */
  Glance glance() {
    List<Integer> watched = new ArrayList<>();
    trace()
        .ifPresent(trace -> {
          watched.add(trace.pid());
          World.members(latest(), trace).stream()
              .map(ProcessInfo::pid)
              .filter(pid -> pid != trace.pid())
              .forEach(watched::add);
        });
    return Glance.at(watched);
  }

  /** The newest look, if nothing has been done since; else a new one. */
  Snapshot seenSinceActed() {
    Snapshot present = latest;
    return acted || present == null ? observe() : present;
  }

  /** What is remembered of the container, if there was one. */
  Optional<ContainerTrace> trace() {
    Container present = container;
    if (present == null || present.pid().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new ContainerTrace(present.pid().getAsInt(), namespaces, ended, belongings));
  }

  World world() {
    return World.of(latest(), trace(), kept, heard.get());
  }

  /** Compiled once; from any thread. */
  Expression expression(String text) throws ExpressionException {
    return Expressions.shared().compile(text);
  }

  /** How the container ended, if it has. */
  static Optional<ExitStatus> status(Container container) {
    if (!container.exited().isDone() || container.exited().isCompletedExceptionally()) {
      return Optional.empty();
    }
    return Optional.of(container.exited().join());
  }

  void perform(Action action) throws ActionFailedException {
    refuseIfAborted();
    acted |= !(action instanceof Action.Keep);
    try {
      switch (action) {
        case Action.Start start -> start(start);
        case Action.Ask ask -> ask(ask);
        case Action.Type type -> console().type(fill(type.line()) + "\n");
        case Action.MountProc mount ->
            running("mount-proc").perform(new MountStep.MountProc(Path.of(mount.at())));
        case Action.Signal signal -> signal(signal);
        case Action.Await await -> await(await.until());
        case Action.Keep keep -> keep(keep);
        case Action.Limit limit -> running("limit").limit(limit.limits());
        case Action.Pause ignored -> running("pause").pause();
        case Action.Resume ignored -> running("resume").resume();
        case Action.Stop ignored -> stop();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ActionFailedException("the lesson was closed", e);
    } catch (IOException | ExpressionException | RuntimeException e) {
      throw new ActionFailedException(oneLine(e), e);
    }
  }

  /** Types what a person would type, and waits for the prompt if the shell survives it. */
  void typeSolution(String solution) throws ActionFailedException {
    acted = true;
    try {
      String ignored = console().ask(fill(solution), LIMIT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ActionFailedException("the lesson was closed", e);
    } catch (IOException e) {
      // The solution may be the shell's end; whether it was right is for the check to say.
    }
  }

  /** Looks until it is so. */
  void await(String until) throws ActionFailedException, ExpressionException {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    Expression expression = expression(until);
    observe();
    Optional<String> missing = missing(expression);
    while (missing.isPresent()) {
      if (System.nanoTime() > deadline) {
        throw new ActionFailedException(
            "waited " + LIMIT.toSeconds() + " s in vain for `" + until + "`; " + missing.get());
      }
      pause();
      observe();
      missing = missing(expression);
    }
  }

  /**
   * Why a check does not hold, by what was seen last; empty if it holds. One that has no value does
   * not hold: it may speak of something that is not there yet.
   */
  Optional<String> missing(Expression check) {
    World world = world();
    try {
      return check.truth(world) ? Optional.empty() : Optional.of(check.reason(world));
    } catch (ExpressionException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private void pause() throws ActionFailedException {
    try {
      if (aborted.await(AWAIT_MILLIS, TimeUnit.MILLISECONDS)) {
        throw new ActionFailedException("the lesson was closed");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ActionFailedException("the lesson was closed", e);
    }
  }

  void keep(Action.Keep keep) throws ExpressionException {
    seenSinceActed();
    kept.put(keep.name(), expression(keep.value()).text(world()));
  }

  private void start(Action.Start start) throws ActionFailedException {
    stop();
    Container fresh = engine.prepare(specification(start));
    container = fresh;
    namespaces = NamespaceSet.UNREADABLE;
    ended = Optional.empty();
    try {
      fresh.start();
    } catch (RuntimeException e) {
      stop();
      throw e;
    }
    // Whoever aborts looks for a running container after saying so; this looks in the other order.
    refuseIfAborted();
    observe();
  }

  private void refuseIfAborted() throws ActionFailedException {
    if (aborted.getCount() == 0) {
      throw new ActionFailedException("the lesson was closed");
    }
  }

  private ContainerSpec specification(Action.Start start) {
    Set<NamespaceType> kinds = EnumSet.noneOf(NamespaceType.class);
    kinds.addAll(start.namespaces());
    if (!kinds.isEmpty() && !engine.privileged()) {
      kinds.add(NamespaceType.USER);
    }
    boolean onHost = start.root().equals("host");
    String place = start.hostname().orElse(onHost ? "host" : "container");
    boolean asRoot = engine.privileged() || kinds.contains(NamespaceType.USER);
    String prompt = ShellPrompt.of(place + (asRoot ? " # " : " $ "), onHost);
    Root root = onHost ? new Root.Host() : new Root.Image(engine.lessonImage());
    Proc proc =
        switch (start.proc()) {
          case "new" -> Proc.NEW;
          case "host" -> Proc.HOST;
          default -> Proc.NONE;
        };
    ContainerSpec plain =
        ContainerSpec.of(name + "-" + ++started, kinds, root, proc, start.argv())
            .withFiles(
                Filesystem.bare(root, proc)
                    .withInitLayer(start.initLayer())
                    .withVolumes(
                        start.volumes().stream()
                            .map(path -> new Volume(Optional.empty(), path, false))
                            .toList()))
            .withHardening(start.hardened() ? Hardening.USUAL : Hardening.NONE)
            .withLimits(start.limits())
            .withEnv(
                List.of(
                    "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
                    "HOME=" + (onHost ? "/" : "/root"),
                    "TERM=xterm-256color",
                    "PS1=" + prompt))
            .withStdio(Stdio.TERMINAL)
            // An ordinary user's filter would cost set-user-ID programs their right.
            .withWire(asRoot);
    return start.hostname().map(plain::withHostname).orElse(plain);
  }

  private void ask(Action.Ask ask) throws IOException, InterruptedException, ActionFailedException {
    String answer = console().ask(fill(ask.line()), LIMIT);
    ask.keep().ifPresent(key -> kept.put(key, answer));
    observe();
  }

  private void signal(Action.Signal signal) throws ExpressionException, ActionFailedException {
    observe();
    long pid = expression(signal.pid()).number(world());
    // A mistake in a lesson must not reach a process that the lesson did not make.
    boolean ours =
        trace().stream()
            .flatMap(trace -> World.members(latest(), trace).stream())
            .anyMatch(process -> process.pid() == pid);
    if (!ours) {
      throw new ActionFailedException(
          "no signal to " + pid + ": it is not a process of the lesson's container");
    }
    engine.signal(Math.toIntExact(pid), SignalName.number(signal.signal()));
  }

  private String fill(String line) {
    return Placeholders.fill(line, values());
  }

  private Console console() throws ActionFailedException {
    return running("a line for its terminal")
        .console()
        .orElseThrow(() -> new ActionFailedException("the container has no terminal"));
  }

  private Container running(String what) throws ActionFailedException {
    Container present = container;
    if (present == null) {
      throw new ActionFailedException(what + " needs a container, and none was started");
    }
    if (present.exited().isDone()) {
      throw new ActionFailedException(
          what
              + " needs a running container; it has "
              + status(present).map(World::status).orElse("ended"));
    }
    return present;
  }

  private void stop() {
    Container present = container;
    if (present != null) {
      present.close();
      container = null;
    }
  }

  /** Ends the container and forgets everything. */
  void reset() {
    stop();
    kept.clear();
    belongings = Belongings.NONE;
    namespaces = NamespaceSet.UNREADABLE;
  }

  /**
   * From any thread: makes an action that waits give up, so that the player's thread gets free. A
   * shell that is asked something answers by its end. One that is still being set up is left alone:
   * its calls are short, and they are made on a channel that only one thread may use.
   */
  void abort() {
    aborted.countDown();
    container().filter(c -> c.position() == c.plan().size()).ifPresent(Container::close);
  }

  @Override
  public void close() {
    stop();
  }

  private static String oneLine(Exception e) {
    String message = e.getMessage();
    return message == null
        ? e.getClass().getSimpleName()
        : message.lines().findFirst().orElse(e.getClass().getSimpleName());
  }
}
