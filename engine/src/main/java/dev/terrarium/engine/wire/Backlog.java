package dev.terrarium.engine.wire;

import dev.terrarium.engine.fact.Fact;
import dev.terrarium.engine.syscall.HeardCall;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls that were heard and are not told of yet. Whoever adds one never waits: if facts are
 * listened to slowly, calls are left out and counted, and the count is told in their place.
 * Thread-safe.
 */
final class Backlog {
  private static final Logger LOG = LoggerFactory.getLogger(Backlog.class);

  /** A call can be some kilobytes long. */
  static final int MOST = 1024;

  private sealed interface Entry {}

  private record Call(HeardCall heard) implements Entry {}

  private record Gap(long count) implements Entry {}

  private record Milestone(CompletableFuture<Void> reached) implements Entry {}

  private final String container;
  private final Consumer<Fact> facts;
  private final Executor tellers;
  private final Deque<Entry> waiting = new ArrayDeque<>();
  private boolean telling;
  private boolean closed;

  /**
   * Empty.
   *
   * @param tellers runs whoever tells of what waits; nobody does while nothing waits
   */
  Backlog(String container, Consumer<Fact> facts, Executor tellers) {
    this.container = container;
    this.facts = facts;
    this.tellers = tellers;
  }

  /** To be told of, or to be counted. */
  synchronized void add(HeardCall call) {
    if (closed) {
      return;
    }
    // Once calls are left out it stays so for a while: one gap, and not one after each call.
    if (waiting.peekLast() instanceof Gap(long count) && waiting.size() > MOST / 2) {
      waiting.removeLast();
      waiting.addLast(new Gap(count + 1));
    } else if (waiting.size() >= MOST) {
      waiting.addLast(new Gap(1));
    } else {
      waiting.addLast(new Call(call));
    }
    begin();
  }

  /** Completes when all that waits now has been told of. */
  synchronized CompletableFuture<Void> told() {
    CompletableFuture<Void> reached = new CompletableFuture<>();
    if (closed) {
      reached.complete(null);
    } else {
      waiting.addLast(new Milestone(reached));
      begin();
    }
    return reached;
  }

  private void begin() {
    if (!telling) {
      telling = true;
      tellers.execute(this::tell);
    }
  }

  private void tell() {
    for (Optional<Entry> next = next(); next.isPresent(); next = next()) {
      try {
        switch (next.get()) {
          case Call(HeardCall heard) -> facts.accept(new Fact.Heard(container, heard));
          case Gap(long count) -> facts.accept(new Fact.Unheard(Instant.now(), container, count));
          case Milestone(CompletableFuture<Void> reached) -> reached.complete(null);
        }
      } catch (RuntimeException e) {
        LOG.warn("whoever hears facts has failed", e);
      }
    }
  }

  private synchronized Optional<Entry> next() {
    Optional<Entry> next = Optional.ofNullable(waiting.pollFirst());
    telling = next.isPresent();
    return next;
  }

  /** What waits is forgotten. */
  synchronized void close() {
    closed = true;
    for (Entry entry : waiting) {
      if (entry instanceof Milestone(CompletableFuture<Void> reached)) {
        reached.complete(null);
      }
    }
    waiting.clear();
  }
}
