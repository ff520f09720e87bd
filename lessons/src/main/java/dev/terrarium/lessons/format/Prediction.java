package dev.terrarium.lessons.format;

import java.util.List;

/**
 * A question that is answered before the kernel answers it.
 *
 * @param observe a CEL expression for the kernel's answer, evaluated after the step's actions
 * @param options a CEL expression each, for the answer that the option stands for; the one equal to
 *     the observed is right
 */
public record Prediction(String observe, List<String> options) {
  public Prediction {
    options = List.copyOf(options);
  }
}
