package dev.terrarium.lessons.play;

import dev.terrarium.engine.observe.Change;
import dev.terrarium.engine.observe.Snapshot;
import dev.terrarium.engine.syscall.HeardCall;
import dev.terrarium.engine.syscall.SyscallEvent;
import dev.terrarium.lessons.expression.Belongings;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Where a lesson is, all of it: a screen draws this and nothing else.
 *
 * @param step the step on screen, from 0
 * @param phase what can be done now
 * @param choices the option selected or locked, by step
 * @param verdicts how locked predictions came out, by step
 * @param reason why the "your turn" check does not hold yet, or nothing
 * @param values live values for the prose, such as {@code pid -> 8214}
 * @param containerPid the container's first process on the host, while there is one
 * @param moments what was seen and done, one per step that has run, oldest first
 * @param live the newest snapshot; later than the last moment's while the lesson waits for the
 *     learner
 * @param belongings what the container has besides processes, seen with {@code live}
 * @param failure one line, if an action failed
 */
public record PlayerState(
    int step,
    Phase phase,
    Map<Integer, Integer> choices,
    Map<Integer, Verdict> verdicts,
    Optional<String> reason,
    Map<String, String> values,
    OptionalInt containerPid,
    List<Moment> moments,
    Optional<Snapshot> live,
    Belongings belongings,
    Optional<String> failure) {

  public PlayerState {
    choices = Map.copyOf(choices);
    verdicts = Map.copyOf(verdicts);
    values = Map.copyOf(values);
    moments = List.copyOf(moments);
  }

  /** What can be done now. */
  public enum Phase {
    /** The step's text is shown; its actions have not run. A prediction can be chosen. */
    READY,
    /** The engine acts. */
    RUNNING,
    /** The actions have run and the learner is to act; left by itself when the check holds. */
    YOUR_TURN,
    /** The step is over: the next one can be entered; on the last step the lesson is finished. */
    DONE,
    /** An action failed; {@code failure} says why. The step can be run again. */
    FAILED,
    /** The world up to a step is being built again. */
    REBUILDING
  }

  /**
   * A locked answer against the kernel's.
   *
   * @param chosen the locked option
   * @param correct the option that the kernel's answer equals, if any does
   * @param observed what the kernel answered, as text
   */
  public record Verdict(int chosen, Optional<Integer> correct, String observed) {
    /** Whether the prediction came true. */
    public boolean right() {
      return correct.isPresent() && correct.get() == chosen;
    }
  }

  /**
   * What one step did.
   *
   * @param step from 0
   * @param after the host when its actions were over
   * @param calls the system calls that were made
   * @param heard those that programs in the container were heard to make meanwhile, and after, as
   *     long as this is the newest moment; the newest of them, if they are very many
   * @param changes against the moment before
   * @param containerPid the container's first process on the host at that moment
   * @param belongings what the container had besides processes
   */
  public record Moment(
      int step,
      Snapshot after,
      List<SyscallEvent> calls,
      List<HeardCall> heard,
      List<Change> changes,
      OptionalInt containerPid,
      Belongings belongings) {
    public Moment {
      calls = List.copyOf(calls);
      heard = List.copyOf(heard);
      changes = List.copyOf(changes);
    }
  }
}
