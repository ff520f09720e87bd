package dev.terrarium.engine.build;

import dev.terrarium.engine.fact.ExitStatus;
import java.util.Optional;

/** A build that cannot go on: one line with file, line, column, and what is right. */
public final class BuildException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Optional<ExitStatus> status;

  BuildException(String line, Throwable cause) {
    super(line, cause);
    this.status = Optional.empty();
  }

  BuildException(String line, Optional<ExitStatus> status) {
    super(line);
    this.status = status;
  }

  /** How the program of a RUN ended, if that is the reason. */
  public Optional<ExitStatus> status() {
    return status;
  }
}
