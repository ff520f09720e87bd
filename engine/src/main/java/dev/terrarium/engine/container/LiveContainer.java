package dev.terrarium.engine.container;

import dev.terrarium.engine.console.Console;
import dev.terrarium.engine.console.PtyConsole;
import dev.terrarium.engine.fact.ExitStatus;
import dev.terrarium.engine.fact.Fact;
import dev.terrarium.engine.host.Diagnosis;
import dev.terrarium.engine.journal.Leftovers;
import dev.terrarium.engine.journal.Resource.Session;
import dev.terrarium.engine.journal.Trees;
import dev.terrarium.engine.observe.NamespaceType;
import dev.terrarium.engine.spec.ContainerSpec;
import dev.terrarium.engine.spec.Stdio;
import dev.terrarium.engine.step.NetworkStep;
import dev.terrarium.engine.step.ProcessStep;
import dev.terrarium.engine.step.Step;
import dev.terrarium.engine.stub.Stub;
import dev.terrarium.engine.syscall.SyscallException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
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
  private static final int KILL_LIMIT_SECONDS = 10;

  /** Threads that sleep in the kernel on behalf of a container, kept for the next one. */
  private static final Executor WAITERS =
      Executors.newCachedThreadPool(
          Thread.ofPlatform().daemon().name("container waiter ", 0).factory());

  private final ContainerSpec spec;
  private final List<Step> plan;
  private final Path folder;
  private final Workshop workshop;
  private final Consumer<Container> closed;
  private final CompletableFuture<ExitStatus> exited = new CompletableFuture<>();

  private State state = State.PREPARED;
  private int position;
  private @Nullable Stub stub;
  private @Nullable LiveStepContext context;
  private @Nullable PtyConsole console;
  private @Nullable Session session;

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
  public synchronized Optional<Console> console() {
    return Optional.ofNullable(console);
  }

  @Override
  public Optional<OutputStream> stdin() {
    return pipes().map(LiveStepContext.Pipes::stdin);
  }

  @Override
  public Optional<InputStream> stdout() {
    return pipes().map(LiveStepContext.Pipes::stdout);
  }

  @Override
  public Optional<InputStream> stderr() {
    return pipes().map(LiveStepContext.Pipes::stderr);
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
    workshop.tell(new Fact.StepBegan(Instant.now(), spec.name(), step.id(), step.sentence()));
    explained(
        step,
        () -> {
          LiveStepContext live = contextForSetup();
          step.perform(live);
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
      context = new LiveStepContext(spec.name(), stub, console, workshop);
      state = State.SETTING_UP;
    }
    return context;
  }

  private interface Action {
    void run() throws IOException;
  }

  /** Says in whatever goes wrong which step it was, and what would help. */
  private static void explained(Step step, Action action) {
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

  private void runs() {
    state = State.RUNNING;
    Stub waiting = java.util.Objects.requireNonNull(stub);
    int pid = pid().orElseThrow();
    workshop.tell(new Fact.Started(Instant.now(), spec.name(), pid));
    WAITERS.execute(() -> awaitEnd(waiting, pid));
  }

  private void awaitEnd(Stub waiting, int pid) {
    try {
      ExitStatus status = ExitStatus.ofWaitStatus(waiting.reap(pid));
      workshop.stubs().give(waiting);
      synchronized (this) {
        stub = null;
        if (state == State.RUNNING) {
          state = State.ENDED;
        }
      }
      workshop.tell(new Fact.Ended(Instant.now(), spec.name(), status));
      exited.complete(status);
    } catch (RuntimeException e) {
      waiting.close();
      exited.completeExceptionally(e);
    }
  }

  @Override
  public void perform(Step step) {
    int target;
    synchronized (this) {
      if (state != State.RUNNING) {
        throw new IllegalStateException("container " + spec.name() + " does not run");
      }
      target = pid().orElseThrow();
    }
    workshop.tell(new Fact.StepBegan(Instant.now(), spec.name(), step.id(), step.sentence()));
    explained(
        step,
        () -> {
          Stub free = workshop.stubs().take();
          LiveStepContext inside = new LiveStepContext(spec.name(), free, null, workshop);
          try (Visit visit = Visit.begin(free, inside)) {
            visit.enter(target, EnumSet.allOf(NamespaceType.class));
            step.perform(inside);
            visit.leave(0);
          } finally {
            workshop.stubs().give(free);
          }
        });
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
    // Without a pid namespace nobody but us ends what the first process left behind.
    if (!endsAsOne()) {
      pid().ifPresent(Leftovers::killSession);
    }
    synchronized (this) {
      if (console != null) {
        console.close();
      }
    }
    pipes().ifPresent(LiveContainer::closeQuietly);
    try {
      removeFolder();
      if (session != null) {
        workshop.run().gone(session);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the folder of container " + spec.name() + " remains", e);
    }
    closed.accept(this);
  }

  /** The usual folders by name, which costs five calls; whatever else is in them by walking. */
  private void removeFolder() throws IOException {
    try {
      for (String usual : List.of("merged", "work/work", "work", "upper", "")) {
        Files.deleteIfExists(folder.resolve(usual));
      }
    } catch (DirectoryNotEmptyException e) {
      Trees.remove(folder);
    }
  }

  private void abandon(@Nullable Stub busy) {
    if (busy == null) {
      return;
    }
    try {
      if (!busy.idle()) {
        busy.leave(1);
        busy.reap(pid().orElseThrow());
      }
      workshop.stubs().give(busy);
    } catch (RuntimeException e) {
      // Its end ends the child as well.
      busy.close();
    }
  }

  private void kill() {
    pid().ifPresent(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
    try {
      exited.get(KILL_LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      // The stub was lost; its end has killed the container.
    } catch (TimeoutException e) {
      throw new IllegalStateException(
          "container "
              + spec.name()
              + " did not end within "
              + KILL_LIMIT_SECONDS
              + " s of SIGKILL",
          e);
    }
  }

  private static void closeQuietly(LiveStepContext.Pipes pipes) {
    for (AutoCloseable end : List.of(pipes.stdin(), pipes.stdout(), pipes.stderr())) {
      try {
        end.close();
      } catch (Exception e) {
        // The container is gone; there is nobody left to lose data.
      }
    }
  }
}
