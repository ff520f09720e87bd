package dev.terrarium.engine.container;

import dev.terrarium.engine.console.Console;
import dev.terrarium.engine.console.PtyConsole;
import dev.terrarium.engine.fact.ExitStatus;
import dev.terrarium.engine.fact.Fact;
import dev.terrarium.engine.observe.NamespaceType;
import dev.terrarium.engine.spec.Program;
import dev.terrarium.engine.spec.Stdio;
import dev.terrarium.engine.step.ExecStep;
import dev.terrarium.engine.step.ProcessStep;
import dev.terrarium.engine.step.Step;
import dev.terrarium.engine.step.WireStep;
import dev.terrarium.engine.stub.Stub;
import dev.terrarium.engine.wire.Wire;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A program that is brought into the world of a process that runs: all its namespaces, its root,
 * and whatever it is kept from, as {@link PresentLimits} reads it. The process need not be one of
 * this engine's.
 *
 * <pre>
 *   stub ──clone──▶ guide: opens stdio ──setns──▶ inside ──clone──▶ visitor: gives up rights ──execve──▶ program
 *     ◀────────────────────────────────── waits, on a thread of its own ──────────────────────────────────
 * </pre>
 */
public final class LiveExecution implements ContainerProcess {
  private final Workshop workshop;
  private final String name;
  private final Stdio stdio;
  private final @Nullable PtyConsole console;
  private final CompletableFuture<ExitStatus> exited = new CompletableFuture<>();
  private LiveStepContext.@Nullable Pipes pipes;
  private int pid;

  private LiveExecution(Workshop workshop, String name, Stdio stdio) throws IOException {
    this.workshop = workshop;
    this.name = name;
    this.stdio = stdio;
    this.console = stdio == Stdio.TERMINAL ? PtyConsole.open(name) : null;
    if (console != null) {
      var _ = console.listen(text -> workshop.tell(new Fact.Printed(Instant.now(), name, text)));
    }
  }

  /**
   * Starts the program.
   *
   * @param name by which facts call it
   * @param target a process on the host, whose world it is
   * @param wire by which the target is listened to, and the program is to be
   * @throws ContainerException if that is refused; says at which step
   */
  public static LiveExecution start(
      Workshop workshop,
      String name,
      int target,
      Program program,
      Stdio stdio,
      Optional<Wire> wire) {
    if (stdio == Stdio.LOG) {
      throw new IllegalArgumentException(
          "a log is the first process's alone: give the program pipes");
    }
    LiveExecution execution;
    try {
      execution = new LiveExecution(workshop, name, stdio);
    } catch (IOException e) {
      throw new UncheckedIOException("a terminal cannot be opened", e);
    }
    try {
      execution.start(target, program, wire);
      return execution;
    } catch (IOException e) {
      execution.closeEnds();
      throw new UncheckedIOException(e);
    } catch (RuntimeException e) {
      execution.closeEnds();
      throw e;
    }
  }

  private void start(int target, Program program, Optional<Wire> wire) throws IOException {
    PresentLimits limits = PresentLimits.of(target, wire.isPresent());
    Stub stub = workshop.stubs().take();
    LiveStepContext context = new LiveStepContext(name, stub, console, workshop, wire);
    Visit visit = Visit.begin(stub, context);
    try {
      perform(new ExecStep.OpenStdio(stdio), context);
      pipes = context.pipes();
      if (wire.isPresent()) {
        // Afterwards it would be refused.
        perform(new WireStep.OpenLine(), context);
      }
      perform(new ExecStep.ForbidTracing(), context);
      visit.enter(target, EnumSet.allOf(NamespaceType.class));
      pid = context.child();
      perform(new ExecStep.JoinCgroups(target), context);
      perform(new ExecStep.BeginSession(stdio), context);
      perform(new ProcessStep.ChangeDirectory(program.workdir()), context);
      for (Step step : limits.steps(program, stdio, wire.isPresent())) {
        perform(step, context);
      }
      perform(new ProcessStep.Exec(program.argv(), program.env()), context);
    } catch (RuntimeException e) {
      visit.close();
      context.closeLine();
      workshop.stubs().give(stub);
      throw e;
    }
    LiveContainer.WAITERS.execute(() -> awaitEnd(visit, stub));
  }

  private void perform(Step step, LiveStepContext context) {
    workshop.tell(new Fact.StepBegan(Instant.now(), name, step.id(), step.sentence()));
    LiveContainer.explained(step, () -> step.perform(context));
  }

  private void awaitEnd(Visit visit, Stub stub) {
    try {
      ExitStatus status = ExitStatus.ofWaitStatus(visit.reap());
      workshop.stubs().give(stub);
      exited.complete(status);
    } catch (RuntimeException e) {
      stub.close();
      exited.completeExceptionally(e);
    }
  }

  @Override
  public OptionalInt pid() {
    return OptionalInt.of(pid);
  }

  @Override
  public Optional<Console> console() {
    return Optional.ofNullable(console);
  }

  @Override
  public Optional<OutputStream> stdin() {
    return Optional.ofNullable(pipes).map(LiveStepContext.Pipes::stdin);
  }

  @Override
  public Optional<InputStream> stdout() {
    return Optional.ofNullable(pipes).map(LiveStepContext.Pipes::stdout);
  }

  @Override
  public Optional<InputStream> stderr() {
    return Optional.ofNullable(pipes).map(LiveStepContext.Pipes::stderr);
  }

  @Override
  public CompletableFuture<ExitStatus> exited() {
    return exited;
  }

  @Override
  public void close() {
    if (!exited.isDone()) {
      ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }
    try {
      var _ = exited.get(LiveContainer.KILL_LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      // The stub was lost; its end has killed the program.
    } catch (TimeoutException e) {
      throw new IllegalStateException("process " + pid + " does not end by SIGKILL", e);
    }
    closeEnds();
  }

  private void closeEnds() {
    if (console != null) {
      console.close();
    }
    if (pipes != null) {
      LiveContainer.closeQuietly(pipes);
    }
  }
}
