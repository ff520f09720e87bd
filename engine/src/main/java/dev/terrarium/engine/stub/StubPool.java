package dev.terrarium.engine.stub;

import dev.terrarium.engine.syscall.Arch;
import dev.terrarium.engine.syscall.SyscallEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
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
    return Stub.start(program, arch, trace);
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
  }
}
