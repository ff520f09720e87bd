package dev.terrarium.engine.spec;

/** Who the users of a new user namespace are outside. Source: user_namespaces(7). */
public enum IdMap {
  /** Root inside is whoever runs the engine; no other id exists. Needs no right at all. */
  SINGLE,
  /**
   * Root inside is whoever runs the engine, and the ids from 1 on are those that subuid(5) and
   * subgid(5) lend to that user, written by newuidmap(1); as root, a range that is written
   * directly.
   */
  RANGES
}
