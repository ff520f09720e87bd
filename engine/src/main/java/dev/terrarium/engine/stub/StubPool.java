package dev.terrarium.engine.stub;

import dev.terrarium.engine.syscall.Arch;
import dev.terrarium.engine.syscall.Call;
import dev.terrarium.engine.syscall.Outcome;
import dev.terrarium.engine.syscall.SyscallEvent;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/** Stubs kept warm, so that a container starts without starting a process first. Thread-safe. */
public final class StubPool implements AutoCloseable {
  /**
   * An idle stub costs a process and a few pages; more than this many containers seldom end at
   * once.
   */
  private static final int KEPT = 4;

  private final Path program;
  private final Arch arch;
  private final Consumer<SyscallEvent> trace;
  private final Deque<Stub> idle = new ArrayDeque<>();
  private final ExecutorService starter =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("stub starter").factory());
  private boolean closed;

  public StubPool(Path program, Arch arch, Consumer<SyscallEvent> trace) {
    this.program = program;
    this.arch = arch;
    this.trace = trace;
  }

  /** A stub for the caller alone, warm if there is one. */
  public Stub take() throws IOException {
    synchronized (this) {
      if (closed) {
        throw new IllegalStateException("the engine is closed");
      }
      Stub warm = idle.poll();
      if (warm != null) {
        return warm;
      }
    }
    return start();
  }

  /** Started by a thread that lives as long as the pool, with which the stubs are to die. */
  private Stub start() throws IOException {
    try {
      return starter
          .submit(() -> {
            Stub stub = Stub.start(program, arch, trace);
            stub.dieWithStarter();
            return stub;
          })
          .get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while a stub was started");
    } catch (ExecutionException e) {
      throw new IOException("the stub " + program + " cannot be started: " + e.getCause(), e);
    }
  }

  /**
   * One call on the host, by whichever stub is free.
   *
   * @throws dev.terrarium.engine.syscall.SyscallException if the kernel refuses it
   */
  public Outcome make(Call call) {
    try {
      Stub stub = take();
      try {
        return stub.make(call);
      } finally {
        give(stub);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Gives a stub back; one that is not idle any more is ended. */
  public void give(Stub stub) {
    synchronized (this) {
      if (!closed && idle.size() < KEPT && stub.idle()) {
        idle.push(stub);
        return;
      }
    }
    stub.close();
  }

  @Override
  public void close() {
    Deque<Stub> last;
    synchronized (this) {
      closed = true;
      last = new ArrayDeque<>(idle);
      idle.clear();
    }
    last.forEach(Stub::close);
    starter.shutdown();
  }
}
