package dev.terrarium.lessons.format;

import java.util.List;
import java.util.Map;

/**
 * A lesson as its folder tells it.
 *
 * @param id the folder's name
 * @param order its number in the course
 * @param part the part of the course that it belongs to, such as {@code eyes}
 * @param steps in order
 * @param titles by language code
 * @param prose by language code, then by step id
 */
public record Lesson(
    String id,
    int order,
    String part,
    List<LessonStep> steps,
    Map<String, String> titles,
    Map<String, Map<String, StepProse>> prose) {
  public Lesson {
    steps = List.copyOf(steps);
    titles = Map.copyOf(titles);
    prose = Map.copyOf(prose);
  }

  /** The words of a step, in English if that language is missing. */
  public StepProse prose(String language, int step) {
    Map<String, StepProse> words = prose.getOrDefault(language, prose.getOrDefault("en", Map.of()));
    StepProse found = words.get(steps.get(step).id());
    if (found == null) {
      throw new IllegalStateException(
          "lesson " + id + " has no words for step " + steps.get(step).id());
    }
    return found;
  }
}
