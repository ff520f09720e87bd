package dev.terrarium.app.panes;

/**
 * One line of a process pane, ready to be drawn.
 *
 * @param hostPid the process's number on the host: what joins it to its twin in the other pane
 * @param pid its number as this side sees it
 * @param ppid its parent's number as this side sees it
 * @param user its user as this side names it
 * @param command its command line, made visible and clipped
 * @param depth how many ancestors are above it in this pane
 * @param gap whether its parent is not among them
 * @param pidNs the last digits of its pid namespace, empty where it could not be read
 * @param ownPid what {@code getpid()} answers to the process itself
 * @param state the letter of proc_pid_stat(5)
 * @param member whether it belongs to the container
 */
record ProcessRow(
    int hostPid,
    String pid,
    String ppid,
    String user,
    String command,
    int depth,
    boolean gap,
    String pidNs,
    String ownPid,
    char state,
    boolean member) {

  /** The branch drawn before the command of a child. */
  static final String BRANCH = "└ ";

  /** The same where ancestors in between are left out. */
  static final String GAP = "┊ ";

  ProcessRow atDepth(int newDepth, boolean parentHidden) {
    return new ProcessRow(
        hostPid, pid, ppid, user, command, newDepth, parentHidden, pidNs, ownPid, state, member);
  }

  /** Whether a search for that text (lower case) finds it. */
  boolean matches(String needle) {
    return pid.contains(needle)
        || ownPid.equals(needle)
        || user.toLowerCase(java.util.Locale.ROOT).contains(needle)
        || command.toLowerCase(java.util.Locale.ROOT).contains(needle);
  }
}
