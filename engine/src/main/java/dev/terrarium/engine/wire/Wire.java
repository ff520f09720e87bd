package dev.terrarium.engine.wire;

import dev.terrarium.engine.fact.Fact;
import dev.terrarium.engine.posix.Posix;
import dev.terrarium.engine.posix.SeccompListener;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * All that is heard of one container: its first process with what that has made, and each program
 * that was brought in later, under a filter each. Becomes {@link Fact.Heard}.
 *
 * <p>For watching, and never for a decision about what is allowed: see {@link
 * dev.terrarium.engine.seccomp.WatchList}. The container does not depend on it: calls are answered
 * before they are told of, and when this engine ends, the container ends with it. Thread-safe.
 */
public final class Wire implements AutoCloseable {
  private static final Executor TELLERS =
      Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name("wire teller ", 0).factory());

  /** How long a thread may take to stop listening; it only has to wake up. */
  private static final int STOP_SECONDS = 2;

  private final String container;
  private final Consumer<Fact> facts;
  private final Backlog backlog;
  private final List<Ear> ears = new ArrayList<>();
  private boolean closed;

  /** Nobody is listened to yet. */
  public Wire(String container, Consumer<Fact> facts) {
    this.container = container;
    this.facts = facts;
    this.backlog = new Backlog(container, facts, TELLERS);
  }

  /**
   * Takes a filter's listener over and answers from now on.
   *
   * @param descriptor of this process
   * @param newborn the process that installed the filter and is to become a program
   * @throws IOException if this process has no descriptor left to listen with
   */
  public synchronized void listen(int descriptor, int newborn) throws IOException {
    if (closed) {
      Posix.close(descriptor);
      throw new IOException("container " + container + " is closed");
    }
    ears.removeIf(ear -> ear.deaf().isDone());
    ears.add(
        new Ear(
            new SeccompListener(descriptor),
            newborn,
            CallerMemory::of,
            backlog::add,
            this::stuck,
            TELLERS));
  }

  /** Whether anybody was ever listened to: where the kernel allows it for one, it does for all. */
  public synchronized boolean listens() {
    return !ears.isEmpty();
  }

  private void stuck() {
    facts.accept(
        new Fact.LeftOut(
            Instant.now(),
            container,
            "listen-to-calls",
            "a program's memory could not be read within %d ms; its calls are heard without what their pointers lead to"
                .formatted(Ear.PATIENCE_MILLIS)));
  }

  /**
   * Completes when none of those who are listened to now is left, and all that was heard of them
   * has been told.
   */
  public CompletableFuture<Void> silence() {
    return allDeaf().thenCompose(done -> backlog.told());
  }

  private synchronized CompletableFuture<Void> allDeaf() {
    return CompletableFuture.allOf(
        ears.stream().map(Ear::deaf).toArray(CompletableFuture<?>[]::new));
  }

  /** Listens no more and tells no more. Idempotent; bounded in time. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      ears.forEach(Ear::stop);
    }
    var _ = allDeaf().completeOnTimeout(null, STOP_SECONDS, TimeUnit.SECONDS).join();
    backlog.close();
  }
}
