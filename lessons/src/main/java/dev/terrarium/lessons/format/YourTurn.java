package dev.terrarium.lessons.format;

import java.util.List;

/**
 * Something that the learner does by hand.
 *
 * @param check a CEL expression over the host's state that becomes true when it is done
 * @param solution what a person would type in the container's terminal
 * @param keep values that are kept at the moment when the check holds
 */
public record YourTurn(String check, String solution, List<Action.Keep> keep) {
  public YourTurn {
    keep = List.copyOf(keep);
  }
}
