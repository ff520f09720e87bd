package dev.terrarium.lessons.format;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Which live values the words of a step may speak of: those that are known by then. */
final class KnownValues {

  /** Known in every lesson once its first container runs. */
  static final Set<String> BUILT_IN = Set.of("pid");

  /**
   * What is known around one step.
   *
   * @param before while the step is READY
   * @param acted once its actions have run
   * @param after once it is over
   */
  record Known(Set<String> before, Set<String> acted, Set<String> after) {}

  private final Set<String> known = new HashSet<>();

  /** Steps must be given in their order. */
  Known next(LessonStep step) {
    Set<String> before = Set.copyOf(known);
    step.actions().forEach(this::learn);
    Set<String> acted = Set.copyOf(known);
    step.yourTurn().map(YourTurn::keep).orElse(List.of()).forEach(this::learn);
    return new Known(before, acted, Set.copyOf(known));
  }

  private void learn(Action action) {
    switch (action) {
      case Action.Start ignored -> known.addAll(BUILT_IN);
      case Action.Ask ask -> ask.keep().ifPresent(known::add);
      case Action.Keep keep -> known.add(keep.name());
      case Action.Type ignored -> {}
      case Action.MountProc ignored -> {}
      case Action.Signal ignored -> {}
      case Action.Await ignored -> {}
      case Action.Limit ignored -> {}
      case Action.Pause ignored -> {}
      case Action.Resume ignored -> {}
      case Action.Stop ignored -> {}
    }
  }
}
