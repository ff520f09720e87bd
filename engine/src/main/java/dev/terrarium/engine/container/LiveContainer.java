package dev.terrarium.engine.container;

import dev.terrarium.engine.aware.AwareFile;
import dev.terrarium.engine.cgroup.Cgroup;
import dev.terrarium.engine.cgroup.CgroupUsage;
import dev.terrarium.engine.console.Console;
import dev.terrarium.engine.console.PtyConsole;
import dev.terrarium.engine.fact.ExitStatus;
import dev.terrarium.engine.fact.Fact;
import dev.terrarium.engine.host.Diagnosis;
import dev.terrarium.engine.journal.Leftovers;
import dev.terrarium.engine.journal.Resource.Session;
import dev.terrarium.engine.layer.Overlay;
import dev.terrarium.engine.log.ContainerLog;
import dev.terrarium.engine.observe.Layers;
import dev.terrarium.engine.observe.NamespaceType;
import dev.terrarium.engine.registry.ContainerRecord;
import dev.terrarium.engine.registry.Registry;
import dev.terrarium.engine.spec.ContainerSpec;
import dev.terrarium.engine.spec.InvalidSpecException;
import dev.terrarium.engine.spec.Limits;
import dev.terrarium.engine.spec.Program;
import dev.terrarium.engine.spec.SpecValidation;
import dev.terrarium.engine.spec.Stdio;
import dev.terrarium.engine.step.AwareStep;
import dev.terrarium.engine.step.CgroupStep;
import dev.terrarium.engine.step.ExecStep;
import dev.terrarium.engine.step.FileStep;
import dev.terrarium.engine.step.MountStep;
import dev.terrarium.engine.step.NetworkStep;
import dev.terrarium.engine.step.ProcessStep;
import dev.terrarium.engine.step.Step;
import dev.terrarium.engine.stub.Stub;
import dev.terrarium.engine.syscall.Calls;
import dev.terrarium.engine.syscall.SyscallException;
import dev.terrarium.engine.wire.Wire;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A container on the live host.
 *
 * <pre>
 *   PREPARED ──first step──▶ SETTING_UP ──exec──▶ RUNNING ──exit──▶ ENDED
 *       └──────────────────────────close──────────────────────────────┴──▶ CLOSED
 * </pre>
 *
 * While it is set up, its stub's child makes the calls; while it runs, its stub waits for it, on a
 * thread of its own.
 */
public final class LiveContainer implements Container {

  private enum State {
    PREPARED,
    SETTING_UP,
    RUNNING,
    ENDED,
    CLOSED
  }

  /** How long the kernel may take to end and reap what was killed. */
  static final int KILL_LIMIT_SECONDS = 10;

  /** How long the log waits for what was printed before the first process ended. */
  private static final int LAST_WORDS_SECONDS = 2;

  /** Threads that sleep in the kernel on behalf of a container, kept for the next one. */
  static final Executor WAITERS =
      Executors.newCachedThreadPool(
          Thread.ofPlatform().daemon().name("container waiter ", 0).factory());

  /** What is written into the folder of most containers, beside what their steps made there. */
  private static final List<String> USUAL_CONTENT =
      Stream.of(Registry.files(), ContainerLog.files()).flatMap(List::stream).toList();

  private final ContainerSpec spec;
  private final List<Step> plan;
  private final Path folder;
  private final Workshop workshop;
  private final Optional<LiveCgroup> cgroup;
  private final Optional<Wire> wire;
  private final Optional<LiveLayers> layers;
  private final Consumer<Container> closed;
  private final CompletableFuture<ExitStatus> exited = new CompletableFuture<>();

  private State state = State.PREPARED;
  private int position;
  private @Nullable Stub stub;
  private @Nullable LiveStepContext context;
  private @Nullable PtyConsole console;
  private @Nullable Session session;
  private final Set<LiveExecution> executions = ConcurrentHashMap.newKeySet();
  private final ProcCover cover;
  private boolean kept;

  /** Completes when all that was printed is in the log. */
  private CompletableFuture<Boolean> logged = CompletableFuture.completedFuture(true);

  /**
   * Planned and validated; nothing is made yet.
   *
   * @param folder its own folder, under the run's, not made yet
   * @param closed hears when nothing of it is left
   */
  public LiveContainer(
      ContainerSpec spec,
      List<Step> plan,
      Path folder,
      Workshop workshop,
      Consumer<Container> closed) {
    this.spec = spec;
    this.plan = List.copyOf(plan);
    this.folder = folder;
    this.workshop = workshop;
    this.cgroup =
        plan.stream()
            .filter(CgroupStep.MakeCgroup.class::isInstance)
            .map(step -> new LiveCgroup(((CgroupStep.MakeCgroup) step).cgroup(), spec.limits()))
            .findFirst();
    this.wire =
        spec.wire() ? Optional.of(new Wire(spec.name(), workshop.facts())) : Optional.empty();
    this.cover = new ProcCover(FilesChapter.awareFolder(folder));
    this.layers = LiveLayers.of(plan);
    this.closed = closed;
  }

  @Override
  public ContainerSpec spec() {
    return spec;
  }

  @Override
  public List<Step> plan() {
    return plan;
  }

  @Override
  public synchronized int position() {
    return position;
  }

  @Override
  public synchronized OptionalInt pid() {
    return context == null || context.child() == 0
        ? OptionalInt.empty()
        : OptionalInt.of(context.child());
  }

  @Override
  public Optional<Inet4Address> address() {
    return plan.stream()
        .filter(NetworkStep.AssignAddress.class::isInstance)
        .map(step -> ((NetworkStep.AssignAddress) step).wiring().address())
        .findFirst();
  }

  @Override
  public Layers layers() {
    return layers.map(LiveLayers::read).orElse(Layers.NONE);
  }

  @Override
  public Optional<Cgroup> cgroup() {
    return cgroup.map(LiveCgroup::cgroup);
  }

  @Override
  public CgroupUsage usage() {
    return ownCgroup()
        .usage()
        .orElseThrow(() ->
            new IllegalStateException(
                "container " + spec.name() + " has used nothing: its cgroup is not made yet"));
  }

  @Override
  public void pause() {
    perform(new CgroupStep.Freeze(ownCgroup().cgroup()));
  }

  @Override
  public void resume() {
    perform(new CgroupStep.Thaw(ownCgroup().cgroup()));
  }

  @Override
  public void coverProc() {
    Cgroup own = ownCgroup().cgroup();
    // Before the cover is locked: a container that runs makes no step that would lock it.
    int first = running();
    synchronized (cover) {
      if (cover.mounted()) {
        return;
      }
      if (!cover.made()) {
        perform(new AwareStep.MakeAwareFiles(cover.folder(), own));
        cover.open(own, first);
      }
      mountCover();
      cover.begin();
    }
  }

  /** Two steps in one visit: what is picked up on the host is mounted inside. */
  private void mountCover() {
    List<AwareFile> files = FilesChapter.awareFiles(spec.files());
    Step pickUp = new AwareStep.PickUpAwareFiles(cover.folder(), files);
    Step bind = new AwareStep.BindAwareFiles(cover.folder(), Path.of("/"), files);
    int target = running();
    announce(pickUp);
    explained(
        bind,
        () ->
            visiting(visit -> {
              visit.enterUsers(target);
              pickUp.perform(visit.context());
              visit.enter(target, EnumSet.allOf(NamespaceType.class));
              announce(bind);
              bind.perform(visit.context());
            }));
  }

  @Override
  public void uncoverProc() {
    synchronized (cover) {
      if (cover.mounted()) {
        perform(new AwareStep.UnbindAwareFiles(FilesChapter.awareFiles(spec.files())));
        cover.end();
      }
    }
  }

  @Override
  public void limit(Limits limits) {
    LiveCgroup own = ownCgroup();
    SpecValidation.check(spec.withLimits(limits), true);
    List<String> problems = own.cgroup().driver().problems(limits);
    if (!problems.isEmpty()) {
      throw new InvalidSpecException(problems);
    }
    perform(own.change(limits));
    own.changed(limits);
  }

  private LiveCgroup ownCgroup() {
    return cgroup.orElseThrow(() ->
        new IllegalStateException(
            "container "
                + spec.name()
                + " has no cgroup of its own: give it a limit, or let it be counted"));
  }

  @Override
  public synchronized Optional<Console> console() {
    return Optional.ofNullable(console);
  }

  @Override
  public Optional<OutputStream> stdin() {
    return ownPipes().map(LiveStepContext.Pipes::stdin);
  }

  @Override
  public Optional<InputStream> stdout() {
    return ownPipes().map(LiveStepContext.Pipes::stdout);
  }

  @Override
  public Optional<InputStream> stderr() {
    return ownPipes().map(LiveStepContext.Pipes::stderr);
  }

  /** Those that nobody else reads. */
  private Optional<LiveStepContext.Pipes> ownPipes() {
    return spec.stdio() == Stdio.PIPES ? pipes() : Optional.empty();
  }

  private synchronized Optional<LiveStepContext.Pipes> pipes() {
    return Optional.ofNullable(context).map(LiveStepContext::pipes);
  }

  @Override
  public CompletableFuture<ExitStatus> exited() {
    return exited;
  }

  @Override
  public synchronized Optional<Step> step() {
    if (position == plan.size()) {
      return Optional.empty();
    }
    if (state != State.PREPARED && state != State.SETTING_UP) {
      throw new IllegalStateException(
          "container " + spec.name() + " is " + state + " and takes no further step");
    }
    Step step = plan.get(position);
    announce(step);
    explained(
        step,
        () -> {
          LiveStepContext live = contextForSetup();
          if (step instanceof ProcessStep.Exec) {
            enter(live);
          }
          step.perform(live);
          if (step instanceof AwareStep.MakeAwareFiles aware) {
            cover.open(aware.cgroup(), live.child());
          }
          if (step instanceof ProcessStep.Clone) {
            session = Session.of(live.child());
            workshop.run().note(session);
          }
        });
    position++;
    if (step instanceof ProcessStep.Exec) {
      runs();
    }
    return Optional.of(step);
  }

  /** Whether the kernel kills all others when the first process ends: pid_namespaces(7). */
  private boolean endsAsOne() {
    return spec.namespaces().makes(NamespaceType.PID);
  }

  private LiveStepContext contextForSetup() throws IOException {
    if (context == null) {
      workshop.run().makeFolderOf(spec.name());
      if (spec.stdio() == Stdio.TERMINAL) {
        console = PtyConsole.open(spec.name());
        // Published even where no screen listens: a recording wants it.
        PtyConsole published = console;
        published.listen(
            text -> workshop.tell(new Fact.Printed(Instant.now(), published.name(), text)));
      }
      stub = workshop.stubs().take();
      context = new LiveStepContext(spec.name(), stub, console, workshop, wire);
      state = State.SETTING_UP;
    }
    return context;
  }

  interface Action {
    void run() throws IOException;
  }

  /** Says in whatever goes wrong which step it was, and what would help. */
  static void explained(Step step, Action action) {
    try {
      action.run();
    } catch (SyscallException e) {
      String advice = Diagnosis.of(e);
      throw new ContainerException(
          step.id() + ": " + e.getMessage() + (advice.isEmpty() ? "" : ": " + advice), e);
    } catch (UncheckedIOException e) {
      throw new ContainerException(step.id() + ": " + e.getMessage() + ": " + reason(e), e);
    } catch (IOException | RuntimeException e) {
      throw new ContainerException(step.id() + ": " + e.getMessage(), e);
    }
  }

  private static String reason(UncheckedIOException e) {
    Throwable cause = e.getCause();
    return cause == null ? "" : String.valueOf(cause.getMessage());
  }

  /** Last things before the program begins: from now on others can find the container. */
  private void enter(LiveStepContext live) throws IOException {
    long startTicks = Objects.requireNonNull(session).startTicks();
    Registry.enter(
        folder, ContainerRecord.of(spec, live.child(), startTicks, Instant.now(), layersBelow()));
    if (kept) {
      workshop.run().markKept(folder);
    }
    LiveStepContext.Pipes output = live.pipes();
    if (spec.stdio() == Stdio.LOG && output != null) {
      ContainerLog opened = ContainerLog.in(folder);
      logged =
          CompletableFuture.allOf(
                  carry(opened, output.stdout(), ContainerLog.Stream.STDOUT),
                  carry(opened, output.stderr(), ContainerLog.Stream.STDERR))
              .handle((done, lost) -> {
                closeQuietly(opened);
                return lost == null;
              });
    }
  }

  /** Those of its image, top first. */
  private List<String> layersBelow() {
    Path own = new ContainerFolder(folder).init();
    return plan.stream()
        .filter(MountStep.MountOverlay.class::isInstance)
        .flatMap(step -> ((MountStep.MountOverlay) step).lower().stream())
        .filter(layer -> !layer.equals(own))
        .map(Path::toString)
        .toList();
  }

  private static CompletableFuture<Void> carry(
      ContainerLog log, InputStream printed, ContainerLog.Stream stream) {
    return CompletableFuture.runAsync(() -> log.carry(printed, stream), WAITERS);
  }

  private void runs() {
    state = State.RUNNING;
    if (cover.made()) {
      cover.begin();
    }
    Stub waiting = Objects.requireNonNull(stub);
    int pid = pid().orElseThrow();
    workshop.tell(new Fact.Started(Instant.now(), spec.name(), pid));
    WAITERS.execute(() -> awaitEnd(waiting, pid));
  }

  private void awaitEnd(Stub waiting, int pid) {
    try {
      ExitStatus status = ExitStatus.ofWaitStatus(waiting.reap(pid));
      cover.close();
      waiting.unwind();
      workshop.stubs().give(waiting);
      // What was left running without a pid namespace to end it may hold a pipe for ever.
      var _ = logged.completeOnTimeout(false, LAST_WORDS_SECONDS, TimeUnit.SECONDS).join();
      awaitSilence();
      noteEnd(status);
      synchronized (this) {
        stub = null;
        if (state == State.RUNNING) {
          state = State.ENDED;
        }
      }
      long oomKills = cgroup.map(own -> own.ended().oomKills()).orElse(0L);
      workshop.tell(new Fact.Ended(Instant.now(), spec.name(), status, oomKills));
      exited.complete(status);
    } catch (RuntimeException e) {
      waiting.close();
      exited.completeExceptionally(e);
    }
  }

  /** What was heard is told before the end is; but not if somebody listens slowly. */
  private void awaitSilence() {
    if (endsAsOne() && wire.isPresent()) {
      var _ =
          wire.get().silence().completeOnTimeout(null, LAST_WORDS_SECONDS, TimeUnit.SECONDS).join();
    }
  }

  private void noteEnd(ExitStatus status) {
    try {
      Registry.ended(folder, status);
    } catch (IOException e) {
      // The disk is full: whoever looks there learns that it ended, but not how.
    }
  }

  @Override
  public ExitStatus stop(Duration grace) throws InterruptedException {
    signal(spec.stopSignal());
    try {
      try {
        return exited.get(grace.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        signal(Calls.SIGKILL);
        return exited.get(KILL_LIMIT_SECONDS, TimeUnit.SECONDS);
      }
    } catch (ExecutionException e) {
      throw new ContainerException("container " + spec.name() + " was lost", e);
    } catch (TimeoutException e) {
      throw survived(e);
    }
  }

  @Override
  public synchronized void keep() {
    if (!kept && state == State.RUNNING) {
      try {
        workshop.run().markKept(folder);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    kept = true;
  }

  /** To the first process; if it has ended meanwhile, that is fine. */
  private void signal(int number) {
    synchronized (this) {
      if (state != State.RUNNING && state != State.ENDED) {
        throw new IllegalStateException("container " + spec.name() + " does not run");
      }
    }
    if (!exited.isDone()) {
      try {
        workshop.stubs().make(Calls.kill(pid().orElseThrow(), number));
      } catch (SyscallException e) {
        if (!e.errno().name().equals("ESRCH")) {
          throw e;
        }
      }
    }
  }

  @Override
  public void perform(Step step) {
    int target = running();
    if (step instanceof FileStep && !spec.namespaces().apart(NamespaceType.MNT)) {
      throw new IllegalArgumentException(
          "%s in container %s would change the host's own mounts: it has no mount namespace"
              .formatted(step.id(), spec.name()));
    }
    announce(step);
    explained(
        step,
        () -> {
          // A cgroup is the host's business, as are its figures; nobody need walk inside.
          if (step instanceof CgroupStep || step instanceof AwareStep.MakeAwareFiles) {
            onHost(stub -> step.perform(contextOf(stub).actingFor(target)));
          } else {
            visiting(visit -> {
              visit.enter(target, EnumSet.allOf(NamespaceType.class));
              step.perform(visit.context());
            });
          }
        });
  }

  private void onHost(Consumer<Stub> work) throws IOException {
    onHost(workshop, work);
  }

  private static void onHost(Workshop workshop, Consumer<Stub> work) throws IOException {
    Stub free = workshop.stubs().take();
    try {
      work.accept(free);
    } finally {
      workshop.stubs().give(free);
    }
  }

  private void visiting(Consumer<Visit> work) throws IOException {
    onHost(stub -> {
      try (Visit visit = Visit.begin(stub, contextOf(stub))) {
        // Those inside must not take hold of whoever comes in with more rights than theirs.
        new ExecStep.ForbidTracing().perform(visit.context());
        work.accept(visit);
        visit.leave(0);
      }
    });
  }

  /** Its first process, if it runs. */
  private synchronized int running() {
    if (state != State.RUNNING) {
      throw new IllegalStateException("container " + spec.name() + " does not run");
    }
    return pid().orElseThrow();
  }

  private void announce(Step step) {
    workshop.tell(new Fact.StepBegan(Instant.now(), spec.name(), step.id(), step.sentence()));
  }

  /**
   * A step about a container's cgroup, which may be another engine's container.
   *
   * @throws ContainerException if the kernel refuses
   */
  public static void perform(Workshop workshop, String container, CgroupStep step) {
    workshop.tell(new Fact.StepBegan(Instant.now(), container, step.id(), step.sentence()));
    explained(
        step,
        () ->
            onHost(
                workshop,
                stub -> step.perform(new LiveStepContext(container, stub, null, workshop))));
  }

  private LiveStepContext contextOf(Stub visitor) {
    return new LiveStepContext(spec.name(), visitor, null, workshop);
  }

  @Override
  public ContainerProcess exec(Program program, Stdio streams) {
    int target = running();
    LiveExecution begun =
        LiveExecution.start(
            workshop, spec.name() + " exec", target, program, streams, wire.filter(Wire::listens));
    executions.add(begun);
    var _ = begun.exited().whenComplete((status, lost) -> executions.remove(begun));
    return begun;
  }

  @Override
  public void close() {
    State was;
    Stub busy;
    synchronized (this) {
      was = state;
      busy = stub;
      state = State.CLOSED;
    }
    switch (was) {
      case CLOSED -> {
        return;
      }
      case PREPARED -> {
        closed.accept(this);
        return;
      }
      case SETTING_UP -> abandon(busy);
      case RUNNING -> kill();
      case ENDED -> {}
    }
    executions.forEach(LiveExecution::close);
    cover.close();
    // Without a pid namespace nobody but us ends what the first process left behind.
    if (!endsAsOne()) {
      pid().ifPresent(Leftovers::killSession);
    }
    wire.ifPresent(Wire::close);
    synchronized (this) {
      if (console != null) {
        console.close();
      }
      if (context != null) {
        context.closeLine();
      }
    }
    pipes().ifPresent(LiveContainer::closeQuietly);
    try {
      if (cgroup.isPresent()) {
        cgroup.get().remove();
      }
      if (kept && (was == State.RUNNING || was == State.ENDED)) {
        workshop.run().keep(folder, spec.name());
      } else {
        removeFolder();
      }
      if (session != null) {
        workshop.run().gone(session);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("something of container " + spec.name() + " remains", e);
    }
    closed.accept(this);
  }

  /** What was made by name, which is quick; whatever else is there by walking. */
  private void removeFolder() throws IOException {
    try {
      for (String usual : USUAL_CONTENT) {
        Files.deleteIfExists(folder.resolve(usual));
      }
      for (Path made : made().reversed()) {
        if (made.endsWith("work")) {
          Overlay.emptyWork(made);
        }
        Files.deleteIfExists(made);
      }
      Files.deleteIfExists(folder);
    } catch (DirectoryNotEmptyException | AccessDeniedException e) {
      workshop.run().remove(folder);
    }
  }

  private synchronized List<Path> made() {
    return context == null ? List.of() : context.made();
  }

  private void abandon(@Nullable Stub busy) {
    if (busy == null) {
      return;
    }
    try {
      busy.unwind();
      workshop.stubs().give(busy);
    } catch (RuntimeException e) {
      // Its end ends the child as well.
      busy.close();
    }
  }

  private void kill() {
    pid().ifPresent(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
    cgroup.ifPresent(LiveCgroup::letDie);
    try {
      exited.get(KILL_LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      // The stub was lost; its end has killed the container.
    } catch (TimeoutException e) {
      throw survived(e);
    }
  }

  private IllegalStateException survived(TimeoutException e) {
    return new IllegalStateException(
        "container %s did not end within %d s of SIGKILL"
            .formatted(spec.name(), KILL_LIMIT_SECONDS),
        e);
  }

  static void closeQuietly(LiveStepContext.Pipes pipes) {
    closeQuietly(pipes.stdin());
    closeQuietly(pipes.stdout());
    closeQuietly(pipes.stderr());
  }

  private static void closeQuietly(AutoCloseable end) {
    try {
      end.close();
    } catch (Exception e) {
      // The container is gone; there is nobody left to lose data.
    }
  }
}
