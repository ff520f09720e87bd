package dev.terrarium.app.panes;

import dev.terrarium.engine.observe.NamespaceType;

/**
 * What one chip says: whose namespace of one kind the container lives in.
 *
 * @param type its kind
 * @param state whose it is
 * @param inode the container's inode number, 0 if unknown
 * @param hostInode the host's inode number, 0 if unknown
 */
record NamespaceChip(NamespaceType type, State state, long inode, long hostInode) {

  /** Whose namespace the container lives in. */
  enum State {
    /** There is no container yet. */
    ABSENT,
    /** The host's. */
    SHARED,
    /** One that the host's is not. */
    OWN,
    /** The link under /proc could not be read. */
    UNREADABLE
  }

  static NamespaceChip of(NamespaceType type, long hostInode, long inode, boolean exists) {
    State state;
    if (!exists) {
      state = State.ABSENT;
    } else if (inode == 0 || hostInode == 0) {
      state = State.UNREADABLE;
    } else {
      state = inode == hostInode ? State.SHARED : State.OWN;
    }
    return new NamespaceChip(type, state, inode, hostInode);
  }
}
