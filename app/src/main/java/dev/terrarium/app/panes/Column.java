package dev.terrarium.app.panes;

/** The columns of a process pane, named as {@code ps} names them. */
enum Column {
  PID("PID"),
  PPID("PPID"),
  USER("USER"),
  COMMAND("COMMAND"),
  /** The pid namespace; the host's side only. */
  PID_NS("PID NS"),
  /** What {@code echo $$} says; where {@code ps} shows something else. */
  OWN_PID("$$");

  private final String title;

  Column(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }

  String text(ProcessRow row) {
    return switch (this) {
      case PID -> row.pid();
      case PPID -> row.ppid();
      case USER -> row.user();
      case COMMAND -> indented(row);
      case PID_NS -> row.pidNs();
      case OWN_PID -> row.member() ? row.ownPid() : "";
    };
  }

  private static String indented(ProcessRow row) {
    // Deeper than this the indentation would leave no room for the name.
    int depth = Math.min(row.depth(), 12);
    return depth == 0
        ? row.command()
        : " ".repeat(depth - 1) + (row.gap() ? ProcessRow.GAP : ProcessRow.BRANCH) + row.command();
  }
}
