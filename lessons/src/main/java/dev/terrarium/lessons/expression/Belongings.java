package dev.terrarium.lessons.expression;

import dev.terrarium.engine.layer.Layers;

/**
 * What a container has besides processes, at an instant.
 *
 * @param layers what its root is made of
 */
public record Belongings(Layers layers) {

  /** There is no container, or it has none of that. */
  public static final Belongings NONE = new Belongings(Layers.NONE);
}
