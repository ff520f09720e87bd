package dev.terrarium.engine.fact;

/** How a process ended. Source: wait(2), WIFEXITED and WIFSIGNALED. */
public sealed interface ExitStatus {

  /** It left by itself with that status, 0 to 255. */
  record Exited(int code) implements ExitStatus {}

  /** A signal ended it. */
  record Killed(int signal) implements ExitStatus {}

  /** What a shell reports in {@code $?}: the code, or 128 and the signal's number. */
  default int shellStatus() {
    return switch (this) {
      case Exited exited -> exited.code();
      case Killed killed -> 128 + killed.signal();
    };
  }

  /** Decodes the status word of wait4(2). */
  static ExitStatus ofWaitStatus(int word) {
    int signal = word & 0x7f;
    return signal == 0 ? new Exited((word >> 8) & 0xff) : new Killed(signal);
  }
}
