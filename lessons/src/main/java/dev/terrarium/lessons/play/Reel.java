package dev.terrarium.lessons.play;

import dev.terrarium.engine.fact.Fact;
import dev.terrarium.engine.observe.Change;
import dev.terrarium.engine.observe.LayersDiff;
import dev.terrarium.engine.observe.Snapshot;
import dev.terrarium.engine.observe.SnapshotDiff;
import dev.terrarium.engine.syscall.HeardCall;
import dev.terrarium.engine.syscall.SyscallEvent;
import dev.terrarium.lessons.expression.Belongings;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** What the steps did, one moment each; system calls arrive on the threads that make them. */
final class Reel implements AutoCloseable {

  /** A program that does one thing over and over must not fill memory and screen. */
  private static final int MOST_HEARD = 500;

  private final HeardCalls heard = new HeardCalls(MOST_HEARD);
  private final ConcurrentLinkedQueue<SyscallEvent> calls = new ConcurrentLinkedQueue<>();
  private final List<PlayerState.Moment> moments = new ArrayList<>();
  private final FactHub.Subscription subscription;
  private @Nullable Snapshot before;
  private Belongings belongingsBefore = Belongings.NONE;

  /**
   * Listens from now on.
   *
   * @param onHeard is told that something was heard; on the engine's thread
   */
  Reel(FactHub facts, Runnable onHeard) {
    subscription =
        facts.listen(fact -> {
          if (fact instanceof Fact.Called called) {
            calls.add(called.call());
          } else if (fact instanceof Fact.Heard own) {
            heard.add(own.call());
            onHeard.run();
          }
        });
  }

  /** What each step did; the latest with what was heard until now. */
  List<PlayerState.Moment> moments() {
    List<PlayerState.Moment> all = new ArrayList<>(moments);
    if (!all.isEmpty()) {
      all.add(withHeard(all.removeLast()));
    }
    return List.copyOf(all);
  }

  /** What programs in the container were heard to call since the step began. */
  List<HeardCall> heard() {
    return heard.all();
  }

  private PlayerState.Moment withHeard(PlayerState.Moment moment) {
    return new PlayerState.Moment(
        moment.step(),
        moment.after(),
        moment.calls(),
        heard.all(),
        moment.changes(),
        moment.containerPid(),
        moment.belongings());
  }

  /** Nothing has happened yet. */
  void clear() {
    moments.clear();
    heard.clear();
  }

  /** What happened since the step before belongs to neither; an earlier run of this one is gone. */
  void startOfStep(int step, Snapshot now, Belongings belongings) {
    if (!moments.isEmpty()) {
      moments.add(withHeard(moments.removeLast()));
    }
    moments.removeIf(moment -> moment.step() >= step);
    heard.clear();
    calls.clear();
    before = now;
    belongingsBefore = belongings;
  }

  /** The step's actions are over; or, if they were before, the learner's part is as well. */
  void endOfStep(int step, Snapshot after, OptionalInt containerPid, Belongings belongings) {
    List<SyscallEvent> made = new ArrayList<>();
    if (!moments.isEmpty() && moments.getLast().step() == step) {
      made.addAll(moments.removeLast().calls());
    }
    for (SyscallEvent call = calls.poll(); call != null; call = calls.poll()) {
      made.add(call);
    }
    List<Change> changes = new ArrayList<>();
    if (before != null) {
      changes.addAll(SnapshotDiff.between(before, after));
    }
    changes.addAll(LayersDiff.between(belongingsBefore.layers(), belongings.layers()));
    moments.add(
        new PlayerState.Moment(step, after, made, heard.all(), changes, containerPid, belongings));
  }

  /** The newest of the calls that were heard. Thread-safe. */
  private static final class HeardCalls {
    private final int most;
    private final Deque<HeardCall> newest = new ArrayDeque<>();

    HeardCalls(int most) {
      this.most = most;
    }

    synchronized void add(HeardCall call) {
      if (newest.size() == most) {
        newest.removeFirst();
      }
      newest.addLast(call);
    }

    synchronized List<HeardCall> all() {
      return List.copyOf(newest);
    }

    synchronized void clear() {
      newest.clear();
    }
  }

  @Override
  public void close() {
    subscription.close();
  }
}
