package dev.terrarium.app.panes;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * All that one process pane shows.
 *
 * @param rows the whole tree, parents before their children
 * @param parents each process's parent, by host pid
 * @param centre the processes that the filter keeps, with what is around them, by host pid
 * @param filter how the filter is called
 * @param columns which columns there are
 * @param note beside the title: how much of the whole this is
 * @param caption below the rows: what needs to be said about them, or nothing
 * @param emptyTitle what is said where there are no rows
 * @param emptyText what will be here, and when
 */
record PaneContent(
    List<ProcessRow> rows,
    Map<Integer, Integer> parents,
    Set<Integer> centre,
    String filter,
    List<Column> columns,
    String note,
    String caption,
    String emptyTitle,
    String emptyText) {

  PaneContent {
    rows = List.copyOf(rows);
    parents = Map.copyOf(parents);
    centre = Set.copyOf(centre);
    columns = List.copyOf(columns);
  }
}
