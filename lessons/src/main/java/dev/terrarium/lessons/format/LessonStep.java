package dev.terrarium.lessons.format;

import java.util.List;
import java.util.Optional;

/**
 * One step: what the engine does, what is asked before, what the learner does after.
 *
 * @param id unique within the lesson; the prose refers to it
 * @param view what is on screen while it is played
 * @param actions what the engine does, in order
 * @param prediction asked and locked before the actions run
 * @param yourTurn asked after they ran
 * @param byHand commands that a person would type to do the same; values in {@code {{ }}}
 */
public record LessonStep(
    String id,
    View view,
    List<Action> actions,
    Optional<Prediction> prediction,
    Optional<YourTurn> yourTurn,
    List<String> byHand) {
  public LessonStep {
    actions = List.copyOf(actions);
    byHand = List.copyOf(byHand);
  }
}
