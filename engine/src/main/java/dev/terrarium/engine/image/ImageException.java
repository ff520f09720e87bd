package dev.terrarium.engine.image;

import java.io.IOException;

/** An image that is not what it says it is, or cannot be had: what is wrong, in one line. */
public final class ImageException extends IOException {
  private static final long serialVersionUID = 1L;

  public ImageException(String problem) {
    super(problem);
  }

  public ImageException(String problem, Throwable cause) {
    super(problem, cause);
  }
}
