package dev.terrarium.engine.seccomp;

import java.util.List;

/**
 * A condition on the low 32 bits of a register. Only those: the kernel takes most flag words as 32
 * bits wide, and a filter that looked at all 64 would be passed by setting one above.
 */
sealed interface ArgumentCondition {

  /** Which argument, from 0. */
  int index();

  /** Whether any of these bits is set. */
  record AnyBit(int index, int bits) implements ArgumentCondition {}

  record OneOf(int index, List<Integer> values) implements ArgumentCondition {
    public OneOf {
      values = List.copyOf(values);
    }
  }

  record NoneOf(int index, List<Integer> values) implements ArgumentCondition {
    public NoneOf {
      values = List.copyOf(values);
    }
  }
}
