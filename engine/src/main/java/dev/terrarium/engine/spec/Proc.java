package dev.terrarium.engine.spec;

/** What a container sees at {@code /proc}. */
public enum Proc {
  /** A new procfs, which shows the container's own pid namespace. */
  NEW,
  /** The host's, bound into the new root: what {@code ps} then shows is the lesson. */
  HOST,
  /** Whatever the root file system holds, usually an empty folder. */
  NONE
}
