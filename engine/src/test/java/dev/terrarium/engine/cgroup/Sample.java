package dev.terrarium.engine.cgroup;

import dev.terrarium.engine.spec.Limits;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Every limit at once: what the files of the fixture hosts say in either version. */
final class Sample {
  static final long MIB = 1 << 20;

  static final Limits LIMITS =
      new Limits(
          OptionalDouble.of(0.2),
          OptionalInt.of(50),
          Optional.of("0-1"),
          OptionalLong.of(64 * MIB),
          OptionalLong.of(32 * MIB),
          OptionalLong.of(32),
          List.of(
              new Limits.Io(
                  "8:0",
                  OptionalLong.of(MIB),
                  OptionalLong.empty(),
                  OptionalLong.empty(),
                  OptionalLong.empty())),
          true);

  private Sample() {}
}
