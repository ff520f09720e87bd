package dev.terrarium.lessons.expression;

import dev.terrarium.engine.cgroup.CgroupReading;
import dev.terrarium.engine.observe.Layers;
import java.util.Optional;

/**
 * What a container has besides processes, at an instant.
 *
 * @param layers what its root is made of
 * @param cgroup what its cgroup's files say, if it has one
 */
public record Belongings(Layers layers, Optional<CgroupReading> cgroup) {

  /** There is no container, or it has none of that. */
  public static final Belongings NONE = new Belongings(Layers.NONE, Optional.empty());
}
