package dev.terrarium.app.cli;

import dev.terrarium.engine.fact.Fact;
import dev.terrarium.engine.spec.Limits;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Remembers whom the kernel has killed for want of memory: to the program it is a SIGKILL like any
 * other, and whoever sees only status 137 looks in the wrong place.
 */
final class Victims implements Consumer<Fact> {
  private volatile long killed;

  @Override
  public void accept(Fact fact) {
    if (fact instanceof Fact.Ended ended) {
      killed = ended.oomKills();
    }
  }

  /** One line, if there was any. */
  Optional<String> report(Limits limits) {
    if (killed == 0) {
      return Optional.empty();
    }
    String who = killed == 1 ? "one of its processes" : killed + " of its processes";
    String limit =
        limits.memoryBytes().isPresent()
            ? ": the memory limit is " + Sizes.of(limits.memoryBytes().getAsLong())
            : "";
    return Optional.of("the kernel killed " + who + " for want of memory" + limit);
  }
}
