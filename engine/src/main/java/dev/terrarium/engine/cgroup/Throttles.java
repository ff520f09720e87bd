package dev.terrarium.engine.cgroup;

import dev.terrarium.engine.spec.Limits;
import dev.terrarium.engine.spec.Limits.Io;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** What changes between two lists of throttles. */
final class Throttles {
  private Throttles() {}

  /** The new throttle of each device for which it differs; one without limits if it has none. */
  static List<Io> changed(Limits from, Limits to) {
    List<Io> changed = new ArrayList<>(to.io());
    changed.removeAll(from.io());
    for (Io old : from.io()) {
      if (to.io().stream().noneMatch(io -> io.device().equals(old.device()))) {
        changed.add(unlimited(old.device()));
      }
    }
    return changed;
  }

  /** The throttle of that device, without limits if there is none. */
  static Io of(Limits limits, String device) {
    return limits.io().stream()
        .filter(io -> io.device().equals(device))
        .findFirst()
        .orElse(unlimited(device));
  }

  private static Io unlimited(String device) {
    return new Io(
        device,
        OptionalLong.empty(),
        OptionalLong.empty(),
        OptionalLong.empty(),
        OptionalLong.empty());
  }
}
