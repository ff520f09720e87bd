package dev.terrarium.app.panes;

import dev.terrarium.app.text.VisibleText;
import dev.terrarium.app.window.LessonScene;
import dev.terrarium.app.window.UiContext;
import dev.terrarium.engine.observe.Namespace;
import dev.terrarium.engine.observe.ProcessView;
import dev.terrarium.engine.observe.ProcessView.Procfs;
import dev.terrarium.engine.observe.ProcessView.Row;
import dev.terrarium.engine.observe.Snapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the two panes show at a moment, worked out from one snapshot without touching the screen.
 *
 * @param host the host's side
 * @param container the container's side
 * @param links the processes that have a row on both sides and belong to the container, by host pid
 */
record PaneContents(PaneContent host, PaneContent container, List<Integer> links) {

  /** Longer command lines are clipped; no pane is as wide. */
  private static final int LONGEST_COMMAND = 300;

  /** More curves than this would be a carpet. */
  private static final int MOST_LINKS = 60;

  private static final List<Column> HOST_COLUMNS =
      List.of(Column.PID, Column.PPID, Column.USER, Column.COMMAND, Column.PID_NS);
  private static final List<Column> INSIDE_COLUMNS =
      List.of(Column.PID, Column.PPID, Column.USER, Column.COMMAND);
  private static final List<Column> HOST_PROC_COLUMNS =
      List.of(Column.PID, Column.PPID, Column.USER, Column.COMMAND, Column.OWN_PID);

  PaneContents {
    links = List.copyOf(links);
  }

  /**
   * Works out both sides.
   *
   * @param self the workbench's own process, the centre of interest while there is no container
   */
  static PaneContents of(
      LessonScene scene, UserNames hostNames, UserNames insideNames, int self, UiContext ui) {
    if (scene.snapshot().isEmpty()) {
      return new PaneContents(
          empty(HOST_COLUMNS, ui, "panes.host.empty"),
          empty(INSIDE_COLUMNS, ui, "panes.container.empty"),
          List.of());
    }
    Snapshot snapshot = scene.snapshot().get();
    OptionalInt container =
        ChipsBar.firstProcess(scene).isPresent() ? scene.containerPid() : OptionalInt.empty();
    ProcessView outside =
        container.isPresent()
            ? ProcessView.host(snapshot, container.getAsInt())
            : ProcessView.host(snapshot);
    Map<Integer, Integer> own =
        outside.numbers().stream().collect(Collectors.toMap(Row::hostPid, Row::pid, (a, _) -> a));
    PaneContent host = host(outside, container, own, hostNames, self, ui);
    if (container.isEmpty()) {
      return new PaneContents(
          host,
          empty(
              INSIDE_COLUMNS, ui, ended(scene) ? "panes.container.ended" : "panes.container.empty"),
          List.of());
    }
    ProcessView inside = ProcessView.inside(snapshot, container.getAsInt());
    PaneContent guest = inside(inside, own, insideNames, ui);
    return new PaneContents(host, guest, links(host, guest));
  }

  /** Whether there was a container and is none any more. */
  static boolean ended(LessonScene scene) {
    return scene.moments().stream().anyMatch(moment -> moment.containerPid().isPresent());
  }

  private static PaneContent empty(List<Column> columns, UiContext ui, String key) {
    return new PaneContent(
        List.of(), Map.of(), Set.of(), "", columns, "", "", ui.text(key), ui.text(key + ".text"));
  }

  private static PaneContent host(
      ProcessView view,
      OptionalInt container,
      Map<Integer, Integer> own,
      UserNames names,
      int self,
      UiContext ui) {
    Set<Integer> centre = new HashSet<>(own.keySet());
    centre.add(container.orElse(self));
    return new PaneContent(
        rows(view.rows(), own, container.isPresent() ? centre : Set.of(), names, ui),
        parents(view.rows()),
        centre,
        ui.text(container.isPresent() ? "panes.filter.container" : "panes.filter.engine"),
        HOST_COLUMNS,
        ui.text("panes.host.note", view.rows().size()),
        "",
        ui.text("panes.host.empty"),
        ui.text("panes.host.empty.text"));
  }

  private static PaneContent inside(
      ProcessView view, Map<Integer, Integer> own, UserNames names, UiContext ui) {
    boolean foreign = view.procfs() == Procfs.HOST || view.procfs() == Procfs.OTHER;
    // While ps lists strangers, the container's own stand out by what they answer themselves.
    boolean showOwn = foreign && !own.isEmpty();
    String device = view.device().orElse("");
    String caption =
        switch (view.procfs()) {
          case HOST ->
              showOwn
                  ? ui.text("panes.proc.host.own", device, firstNumber(view.numbers()))
                  : ui.text("panes.proc.host", device);
          case OTHER -> ui.text("panes.proc.other", device);
          case OWN, NONE -> "";
        };
    String note =
        switch (view.procfs()) {
          case OWN -> ui.text("panes.container.note");
          case HOST, OTHER -> ui.text("panes.container.note.host", view.rows().size());
          case NONE -> "";
        };
    Set<Integer> members = new HashSet<>(own.keySet());
    if (members.isEmpty()) {
      view.rows().stream().filter(Row::ours).forEach(row -> members.add(row.hostPid()));
    }
    return new PaneContent(
        rows(view.rows(), own, members, names, ui),
        parents(view.rows()),
        members,
        "",
        showOwn ? HOST_PROC_COLUMNS : INSIDE_COLUMNS,
        note,
        caption,
        ui.text("panes.proc.none"),
        ui.text("panes.proc.none.text"));
  }

  private static String firstNumber(List<Row> numbers) {
    return numbers.isEmpty() ? "1" : Integer.toString(numbers.getFirst().pid());
  }

  private static List<ProcessRow> rows(
      List<Row> rows,
      Map<Integer, Integer> own,
      Set<Integer> members,
      UserNames names,
      UiContext ui) {
    List<ProcessRow> drawn = new ArrayList<>(rows.size());
    for (Row row : rows) {
      drawn.add(
          new ProcessRow(
              row.hostPid(),
              Integer.toString(row.pid()),
              Integer.toString(row.ppid()),
              names.of(row.uid()),
              command(row, ui),
              row.depth(),
              false,
              row.pidNamespace().map(Namespace::shortInode).orElse("?"),
              Integer.toString(own.getOrDefault(row.hostPid(), row.pid())),
              row.state(),
              members.contains(row.hostPid())));
    }
    return drawn;
  }

  private static String command(Row row, UiContext ui) {
    String shown = VisibleText.of(row.command(), LONGEST_COMMAND);
    return switch (row.state()) {
      // As ps marks it.
      case 'Z' -> shown + " <defunct>";
      case 'T' -> shown + " · " + ui.text("panes.state.stopped");
      default -> shown;
    };
  }

  private static Map<Integer, Integer> parents(List<Row> rows) {
    Map<Integer, Integer> byNumber = new HashMap<>();
    rows.forEach(row -> byNumber.put(row.pid(), row.hostPid()));
    Map<Integer, Integer> parents = new HashMap<>();
    rows.forEach(row -> parents.put(row.hostPid(), byNumber.getOrDefault(row.ppid(), 0)));
    return parents;
  }

  private static List<Integer> links(PaneContent host, PaneContent container) {
    Set<Integer> inside =
        container.rows().stream().map(ProcessRow::hostPid).collect(Collectors.toSet());
    return host.rows().stream()
        .filter(row -> row.member() && inside.contains(row.hostPid()))
        .map(ProcessRow::hostPid)
        .limit(MOST_LINKS)
        .toList();
  }
}
