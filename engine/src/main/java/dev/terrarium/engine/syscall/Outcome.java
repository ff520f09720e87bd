package dev.terrarium.engine.syscall;

import java.util.List;

/**
 * What a successful call returned.
 *
 * @param result never negative
 * @param memory for each {@link Operand.Memory} of the call, in order, what the kernel left there
 */
public record Outcome(long result, List<Bytes> memory) {
  public Outcome {
    memory = List.copyOf(memory);
  }
}
