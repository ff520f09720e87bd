package dev.terrarium.engine.dockerfile;

import java.util.List;

/**
 * From one FROM to the next.
 *
 * @param index the first is 0
 */
public record Stage(int index, Instruction.From from, List<Instruction> instructions) {
  public Stage {
    instructions = List.copyOf(instructions);
  }

  /** As the Dockerfile calls it, else its number. */
  public String name() {
    return from.name().orElse(Integer.toString(index));
  }

  /** Whether that word means this stage: its name, in whatever case, or its number. */
  public boolean isCalled(String word) {
    return from.name().filter(word::equalsIgnoreCase).isPresent()
        || word.equals(Integer.toString(index));
  }
}
