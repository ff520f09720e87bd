package dev.terrarium.lessons.format;

import java.util.List;
import java.util.Optional;

/**
 * The words of one step in one language. Markdown; {@code {{name}}} stands for a live value of that
 * name.
 *
 * @param title its heading
 * @param before what is told before the step runs
 * @param after what is told once the kernel has answered
 * @param question of the prediction
 * @param options of the prediction, in the order of {@link Prediction#options}
 * @param yourTurn what the learner is asked to do
 * @param hints from gentle to plain
 */
public record StepProse(
    String title,
    String before,
    String after,
    Optional<String> question,
    List<String> options,
    Optional<String> yourTurn,
    List<String> hints) {

  public StepProse {
    options = List.copyOf(options);
    hints = List.copyOf(hints);
  }
}
