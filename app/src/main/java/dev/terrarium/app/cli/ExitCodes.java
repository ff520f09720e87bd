package dev.terrarium.app.cli;

/** What the program exits with, apart from the status of a container's command. */
final class ExitCodes {
  static final int OK = 0;
  static final int FAILED = 1;
  static final int USAGE = 2;

  private ExitCodes() {}
}
