package dev.terrarium.lessons.play;

import dev.terrarium.engine.fact.Fact;
import dev.terrarium.engine.observe.Change;
import dev.terrarium.engine.observe.Snapshot;
import dev.terrarium.engine.observe.SnapshotDiff;
import dev.terrarium.engine.syscall.SyscallEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** What the steps did, one moment each; system calls arrive on the threads that make them. */
final class Reel implements AutoCloseable {

  private final ConcurrentLinkedQueue<SyscallEvent> calls = new ConcurrentLinkedQueue<>();
  private final List<PlayerState.Moment> moments = new ArrayList<>();
  private final FactHub.Subscription subscription;
  private @Nullable Snapshot before;

  Reel(FactHub facts) {
    subscription =
        facts.listen(fact -> {
          if (fact instanceof Fact.Called called) {
            calls.add(called.call());
          }
        });
  }

  List<PlayerState.Moment> moments() {
    return List.copyOf(moments);
  }

  /** Nothing has happened yet. */
  void clear() {
    moments.clear();
  }

  /** What happened since the step before belongs to neither; an earlier run of this one is gone. */
  void startOfStep(int step, Snapshot now) {
    moments.removeIf(moment -> moment.step() >= step);
    calls.clear();
    before = now;
  }

  /** The step's actions are over; or, if they were before, the learner's part is as well. */
  void endOfStep(int step, Snapshot after, OptionalInt containerPid) {
    List<SyscallEvent> made = new ArrayList<>();
    if (!moments.isEmpty() && moments.getLast().step() == step) {
      made.addAll(moments.removeLast().calls());
    }
    for (SyscallEvent call = calls.poll(); call != null; call = calls.poll()) {
      made.add(call);
    }
    List<Change> changes = before == null ? List.of() : SnapshotDiff.between(before, after);
    moments.add(new PlayerState.Moment(step, after, made, changes, containerPid));
  }

  @Override
  public void close() {
    subscription.close();
  }
}
