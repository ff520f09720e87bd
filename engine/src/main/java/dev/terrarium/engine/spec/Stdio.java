package dev.terrarium.engine.spec;

/** What descriptors 0, 1 and 2 of a container's first process are. */
public enum Stdio {
  /** {@code /dev/null}. */
  NULL,
  /** Three pipes to the engine. */
  PIPES,
  /** No input; what is printed goes to a log in the container's folder. */
  LOG,
  /** A pseudo-terminal, which is also the controlling terminal. */
  TERMINAL
}
