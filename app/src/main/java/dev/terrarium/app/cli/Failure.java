package dev.terrarium.app.cli;

/** A command that cannot do what it was asked for: one line that says what, where and what else. */
final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;

  private Failure(int status, String line, Throwable cause) {
    super(line, cause);
    this.status = status;
  }

  private Failure(int status, String line) {
    super(line);
    this.status = status;
  }

  /** The command line itself is wrong. */
  static Failure usage(String line) {
    return new Failure(ExitCodes.USAGE, line);
  }

  /** The command line is right, but the host, the state or an image is not. */
  static Failure of(String line) {
    return new Failure(ExitCodes.FAILED, line);
  }

  static Failure of(String line, Throwable cause) {
    return new Failure(ExitCodes.FAILED, line, cause);
  }

  /** What the program exits with. */
  int status() {
    return status;
  }
}
