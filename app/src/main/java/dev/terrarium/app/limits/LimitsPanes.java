package dev.terrarium.app.limits;

import dev.terrarium.app.limits.Usage.Point;
import dev.terrarium.app.text.ByteSize;
import dev.terrarium.app.text.VisibleText;
import dev.terrarium.app.window.Explanation;
import dev.terrarium.app.window.LessonScene;
import dev.terrarium.app.window.Sight;
import dev.terrarium.app.window.TextTwin;
import dev.terrarium.app.window.UiContext;
import dev.terrarium.engine.cgroup.CgroupReading;
import dev.terrarium.engine.cgroup.CgroupUsage;
import dev.terrarium.lessons.format.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import javafx.css.PseudoClass;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/**
 * What a container uses, drawn over time with the line that it must not cross, beside the files of
 * its cgroup as they are; and a text that says the same.
 */
public final class LimitsPanes extends Region implements Sight {

  private static final PseudoClass ALIVE = PseudoClass.getPseudoClass("alive");
  private static final double GAP = 16;

  /** Of the width, for the charts. */
  private static final double CHARTS_SHARE = 0.58;

  private static final int LONGEST_NOTE = 27;
  private static final int LONGEST_VALUE = 80;
  private static final int MOST_LINES = 20;
  private static final double MEBIBYTE = 1 << 20;

  private final UiContext ui;
  private final Usage usage = new Usage();
  private final VBox used = new VBox();
  private final VBox files = new VBox();
  private final VBox charts = new VBox();
  private final GridPane grid = new GridPane();
  private final Label filesNote = new Label();
  private final Label nothing = new Label();
  private final Chart cpu = new Chart("chart-cpu");
  private final Chart memory = new Chart("chart-memory");
  private final Chart pids = new Chart("chart-pids");
  private final TextTwin twin;
  private LessonScene scene = LessonScene.EMPTY;
  private Map<String, String> drawn = Map.of();
  private String words = "";

  public LimitsPanes(UiContext ui) {
    this.ui = ui;
    this.twin = new TextTwin(ui, this::asText);
    getStyleClass().add("limits-panes");
    used.getStyleClass().addAll("process-pane", "host-pane");
    files.getStyleClass().addAll("process-pane", "container-pane");
    charts.getStyleClass().add("limit-charts");
    VBox.setVgrow(charts, Priority.ALWAYS);
    for (Chart chart : List.of(cpu, memory, pids)) {
      VBox.setVgrow(chart, Priority.ALWAYS);
    }
    nothing.textProperty().bind(ui.message("limits.empty"));
    nothing.getStyleClass().addAll("empty-text", "limit-empty");
    nothing.setWrapText(true);
    used.getChildren().addAll(head("limits.used", new Label()), charts);
    HBox head = head("limits.files", filesNote);
    head.getChildren().add(twin.opener());
    grid.getStyleClass().add("limit-files");
    ScrollPane scroll = new ScrollPane(grid);
    scroll.getStyleClass().add("file-stack");
    scroll.setFitToWidth(true);
    scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
    scroll.setContextMenu(twin.menu());
    scroll.accessibleTextProperty().bind(ui.message("limits.files"));
    VBox.setVgrow(scroll, Priority.ALWAYS);
    files.getChildren().addAll(head, scroll);
    twin.replaces(scroll, used, files);
    getChildren().addAll(used, files, twin);
    ui.language().subscribe(this::redraw);
  }

  private HBox head(String titleKey, Label note) {
    Label title = new Label();
    title.textProperty().bind(ui.message(titleKey));
    title.getStyleClass().add("pane-title");
    title.setMinWidth(Region.USE_PREF_SIZE);
    Region space = new Region();
    HBox.setHgrow(space, Priority.ALWAYS);
    note.getStyleClass().add("pane-note");
    note.setMinWidth(0);
    HBox head = new HBox(title, space, note);
    head.getStyleClass().add("pane-head");
    head.setAlignment(Pos.CENTER_LEFT);
    return head;
  }

  @Override
  public View view() {
    return View.LIMITS;
  }

  @Override
  public Node node() {
    return this;
  }

  @Override
  public void show(LessonScene newScene) {
    scene = newScene;
    if (!newScene.past()) {
      newScene.belongings().cgroup().ifPresent(usage::add);
    }
    redraw();
  }

  private void redraw() {
    Optional<CgroupReading> reading = scene.belongings().cgroup();
    files.pseudoClassStateChanged(ALIVE, reading.isPresent());
    if (reading.isEmpty()) {
      filesNote.setText("");
      charts.getChildren().setAll(nothing);
      showFiles(Map.of());
      words = "";
    } else {
      if (!charts.getChildren().contains(cpu)) {
        charts.getChildren().setAll(cpu, memory, pids);
      }
      String folder = reading.get().folders().getFirst().toString();
      filesNote.setText(shortened(folder));
      filesNote.setTooltip(new Tooltip(String.join("\n", folders(reading.get()))));
      showCharts(reading.get());
      showFiles(reading.get().files());
    }
    twin.refresh();
  }

  private static List<String> folders(CgroupReading reading) {
    return reading.folders().stream().map(String::valueOf).toList();
  }

  /** The end of a path says more than its beginning. */
  private static String shortened(String path) {
    String shown = VisibleText.of(path);
    return shown.length() <= LONGEST_NOTE
        ? shown
        : "…" + shown.substring(shown.length() - LONGEST_NOTE);
  }

  private void showCharts(CgroupReading reading) {
    List<Point> points = usage.upTo(reading.at());
    OptionalDouble quota = Usage.quotaPercent(reading);
    double percent = points.isEmpty() ? 0 : points.getLast().cpuPercent();
    String now = String.format(Locale.ROOT, "%.1f %%", percent);
    String cpuWords =
        quota.isPresent()
            ? ui.text("limits.of", now, percent(quota.getAsDouble())) + throttled(reading)
            : now;
    cpu.show(
        ui.text("limits.cpu"),
        cpuWords,
        points.stream().map(Point::cpuPercent).toList(),
        quota,
        quota.isPresent() ? file(reading, "cpu.max", "cpu.cfs_quota_us") : "",
        10);
    Optional<CgroupUsage.Memory> bytes = reading.usage().memory();
    OptionalLong most = bytes.map(CgroupUsage.Memory::limitBytes).orElse(OptionalLong.empty());
    String has = ByteSize.of(bytes.map(CgroupUsage.Memory::bytes).orElse(0L));
    String memoryWords =
        most.isPresent() ? ui.text("limits.of", has, ByteSize.of(most.getAsLong())) : has;
    memory.show(
        ui.text("limits.memory"),
        memoryWords,
        points.stream().map(point -> point.memoryBytes() / MEBIBYTE).toList(),
        most.isPresent() ? OptionalDouble.of(most.getAsLong() / MEBIBYTE) : OptionalDouble.empty(),
        most.isPresent() ? file(reading, "memory.max", "memory.limit_in_bytes") : "",
        1);
    Optional<CgroupUsage.Pids> count = reading.usage().pids();
    OptionalLong limit = count.map(CgroupUsage.Pids::limit).orElse(OptionalLong.empty());
    String number = String.valueOf(count.map(CgroupUsage.Pids::count).orElse(0L));
    String pidWords = limit.isPresent() ? ui.text("limits.of", number, limit.getAsLong()) : number;
    pids.show(
        ui.text("limits.pids"),
        pidWords,
        points.stream().map(point -> (double) point.pids()).toList(),
        limit.isPresent() ? OptionalDouble.of((double) limit.getAsLong()) : OptionalDouble.empty(),
        limit.isPresent() ? file(reading, "pids.max", "pids.max") : "",
        4);
    words =
        "%s: %s\n%s: %s\n%s: %s"
            .formatted(
                ui.text("limits.cpu"),
                cpuWords,
                ui.text("limits.memory"),
                memoryWords,
                ui.text("limits.pids"),
                pidWords);
  }

  private static String percent(double value) {
    return String.format(Locale.ROOT, value == Math.rint(value) ? "%.0f %%" : "%.1f %%", value);
  }

  /** A limit's file and what is in it, by the name that this host has for it. */
  private static String file(CgroupReading reading, String second, String first) {
    String name = reading.files().containsKey(second) ? second : first;
    return name + " " + reading.files().getOrDefault(name, "");
  }

  private String throttled(CgroupReading reading) {
    return reading
        .usage()
        .cpu()
        .filter(used -> used.periods() > 0)
        .map(used -> " · " + ui.text("limits.throttled", used.throttledPeriods(), used.periods()))
        .orElse("");
  }

  private void showFiles(Map<String, String> wanted) {
    if (wanted.equals(drawn)) {
      return;
    }
    drawn = wanted;
    grid.getChildren().clear();
    int row = 0;
    for (Map.Entry<String, String> file : new TreeMap<>(wanted).entrySet()) {
      Label name = new Label(file.getKey());
      name.getStyleClass().add("limit-file");
      name.setMinWidth(Region.USE_PREF_SIZE);
      List<String> lines = file.getValue().lines().limit(MOST_LINES).toList();
      grid.addRow(row, name);
      if (lines.size() == 1) {
        grid.add(line(lines.getFirst()), 1, row);
      } else {
        for (String each : lines) {
          row++;
          Label line = line(each);
          line.getStyleClass().add("limit-line");
          grid.add(line, 0, row, 2, 1);
        }
      }
      row++;
    }
  }

  private static Label line(String text) {
    Label line = new Label(VisibleText.of(text, LONGEST_VALUE));
    line.getStyleClass().add("limit-text");
    line.setMinWidth(0);
    return line;
  }

  /** Lines become pieces of one line. */
  private static String flat(String text) {
    return String.join(" · ", text.lines().toList());
  }

  @Override
  public Explanation why(LessonScene at) {
    Optional<CgroupReading> reading = at.belongings().cgroup();
    if (reading.isEmpty()) {
      return new Explanation(List.of(), ui.text("limits.why.nothing"));
    }
    List<String> sentences = new ArrayList<>();
    CgroupUsage now = reading.get().usage();
    if (now.oomKills() > 0) {
      sentences.add(ui.text("limits.why.oom", now.oomKills()));
    }
    now.pids()
        .filter(count -> count.limit().isPresent())
        .filter(count -> count.count() >= count.limit().getAsLong())
        .ifPresent(count -> sentences.add(ui.text("limits.why.pids", count.count())));
    OptionalDouble quota = Usage.quotaPercent(reading.get());
    now.cpu()
        .filter(used -> quota.isPresent())
        .ifPresent(used ->
            sentences.add(
                ui.text(
                    "limits.why.quota",
                    file(reading.get(), "cpu.max", "cpu.cfs_quota_us"),
                    percent(quota.getAsDouble()),
                    used.throttledPeriods(),
                    used.periods())));
    return new Explanation(sentences, ui.text("limits.why.same"));
  }

  @Override
  public String asText() {
    if (words.isEmpty()) {
      return ui.text("limits.empty");
    }
    StringBuilder text = new StringBuilder(ui.text("limits.used")).append("\n\n").append(words);
    text.append("\n\n").append(ui.text("limits.files")).append("\n\n");
    new TreeMap<>(drawn)
        .forEach((name, value) -> text.append(name).append(": ").append(flat(value)).append('\n'));
    return text.toString();
  }

  @Override
  protected void layoutChildren() {
    double width = getWidth();
    double height = getHeight();
    double left = snapSizeX((width - GAP) * CHARTS_SHARE);
    used.resizeRelocate(0, 0, left, height);
    files.resizeRelocate(left + GAP, 0, width - left - GAP, height);
    twin.resizeRelocate(0, 0, width, height);
  }

  @Override
  protected double computePrefHeight(double width) {
    return 320;
  }

  @Override
  protected double computeMinHeight(double width) {
    return 120;
  }

  @Override
  protected double computePrefWidth(double height) {
    return 820;
  }
}
