package dev.terrarium.engine.layer;

import java.io.IOException;

/** A layer that cannot be applied: which member, and why. */
public final class LayerException extends IOException {
  private static final long serialVersionUID = 1L;

  LayerException(String problem) {
    super(problem);
  }
}
