package dev.terrarium.engine.tar;

import java.io.IOException;

/** An archive that is damaged, or larger than it may be: what is wrong, and at which byte. */
public final class TarFormatException extends IOException {
  private static final long serialVersionUID = 1L;

  public TarFormatException(String problem, long offset) {
    super("tar archive, byte " + offset + ": " + problem);
  }
}
