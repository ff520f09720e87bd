package dev.terrarium.engine.remote;

import dev.terrarium.engine.fact.Fact;
import dev.terrarium.engine.observe.Snapshot;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the server has to say, in order, written by a thread of its own. If the window reads slowly,
 * whoever has something to say waits; of looks that nobody has received yet only the newest is
 * kept. If the window is gone, nothing waits any more. Thread-safe.
 */
final class Outbox implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);

  /** Messages are at most {@link Protocol#PORTION} long, snapshots apart. */
  private static final int MOST_WAITING = 256;

  private static final int BUFFER = 1 << 16;

  /** A look at the host, on its way, and the calls that it will answer. */
  private static final class Look {
    final Snapshot snapshot;
    final List<Long> answers;

    Look(Snapshot snapshot, List<Long> answers) {
      this.snapshot = snapshot;
      this.answers = answers;
    }
  }

  private final JsonMapper mapper;
  private final OutputStream out;
  private final Thread writer;
  private final SnapshotDelta delta;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition moved = lock.newCondition();

  /** {@link Message}s and {@link Look}s, at most one of the latter. */
  private final Deque<Object> waiting = new ArrayDeque<>();

  private @Nullable Look look;
  private boolean closing;
  private boolean gone;

  Outbox(JsonMapper mapper, OutputStream out) {
    this.mapper = mapper;
    this.out = new BufferedOutputStream(out, BUFFER);
    this.delta = new SnapshotDelta(mapper);
    this.writer = Thread.ofPlatform().daemon().name("engine outbox").start(this::write);
  }

  /** Says it, after all that was said before. */
  void put(Message message) {
    lock.lock();
    try {
      awaitRoom();
      if (!gone) {
        waiting.add(message);
        moved.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  void publish(Fact fact) {
    if (fact instanceof Fact.Seen seen) {
      show(seen.snapshot());
    } else {
      put(new Message.Happened(fact));
    }
  }

  /** Never waits: it takes the place of the look that waits already. */
  private void show(Snapshot snapshot) {
    lock.lock();
    try {
      List<Long> answers = new ArrayList<>();
      if (look != null) {
        answers = look.answers;
        waiting.remove(look);
      }
      if (!gone) {
        look = new Look(snapshot, answers);
        waiting.add(look);
        moved.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Answers a call that has looked, and published what it saw: with that look, or a newer one. */
  void answerLook(long id) {
    lock.lock();
    try {
      if (look != null) {
        look.answers.add(id);
        return;
      }
    } finally {
      lock.unlock();
    }
    put(new Message.Result(id, mapper.nullNode()));
  }

  private void awaitRoom() {
    while (waiting.size() >= MOST_WAITING && !gone && !closing) {
      moved.awaitUninterruptibly();
    }
  }

  private void write() {
    try (out) {
      for (Object next = take(); next != null; next = take()) {
        Message message =
            switch (next) {
              case Look seen -> new Message.Saw(delta.to(seen.snapshot), seen.answers);
              default -> (Message) next;
            };
        out.write(mapper.writerFor(Message.class).writeValueAsBytes(message));
        out.write('\n');
        if (idle()) {
          out.flush();
        }
      }
    } catch (IOException | JacksonException e) {
      LOG.debug("nobody hears what the engine says", e);
    } finally {
      leave();
    }
  }

  private boolean idle() {
    lock.lock();
    try {
      return waiting.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** The next thing to say; null if there will be none. */
  private @Nullable Object take() {
    lock.lock();
    try {
      while (waiting.isEmpty() && !closing) {
        moved.awaitUninterruptibly();
      }
      Object next = waiting.poll();
      if (next instanceof Look) {
        look = null;
      }
      moved.signalAll();
      return next;
    } finally {
      lock.unlock();
    }
  }

  private void leave() {
    lock.lock();
    try {
      gone = true;
      waiting.clear();
      look = null;
      moved.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits, but not for ever, until all has been said. */
  @Override
  public void close() {
    lock.lock();
    try {
      closing = true;
      moved.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      writer.join(java.util.concurrent.TimeUnit.SECONDS.toMillis(2));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
