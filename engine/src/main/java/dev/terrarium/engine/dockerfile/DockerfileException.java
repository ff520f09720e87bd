package dev.terrarium.engine.dockerfile;

/** A Dockerfile that cannot be understood: one line with file, line, column, and what is right. */
public final class DockerfileException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final transient Position at;

  public DockerfileException(String file, Position at, String problem) {
    super(file + ":" + at + ": " + problem);
    this.at = at;
  }

  public Position at() {
    return at;
  }
}
