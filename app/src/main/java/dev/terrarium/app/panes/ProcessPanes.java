package dev.terrarium.app.panes;

import dev.terrarium.app.window.Explanation;
import dev.terrarium.app.window.LessonScene;
import dev.terrarium.app.window.Sight;
import dev.terrarium.app.window.TextTwin;
import dev.terrarium.app.window.UiContext;
import dev.terrarium.lessons.format.View;
import java.nio.file.Path;
import javafx.application.Platform;
import javafx.css.PseudoClass;
import javafx.scene.Node;
import javafx.scene.layout.Region;

/**
 * The host's processes beside those that the container sees, each process's two rows joined by a
 * curve. Two instances of one view, fed two projections of one snapshot; and a text that says the
 * same.
 */
public final class ProcessPanes extends Region implements Sight {

  private static final PseudoClass ALIVE = PseudoClass.getPseudoClass("alive");
  private static final double GAP = 16;

  private final UiContext ui;
  private final Twins twins = new Twins();
  private final ProcessTable host;
  private final ProcessTable container;
  private final LinkCurves curves;
  private final TextTwin twin;
  private final NameReader reader;
  private UserNames hostNames = UserNames.NONE;
  private UserNames insideNames = UserNames.NONE;
  private LessonScene scene = LessonScene.EMPTY;
  private PaneContents contents;
  private int looks;

  public ProcessPanes(UiContext ui) {
    this(ui, new NameReader(Path.of("/")));
  }

  ProcessPanes(UiContext ui, NameReader reader) {
    this.ui = ui;
    this.reader = reader;
    host = new ProcessTable(ui, "panes.host", true, twins);
    container = new ProcessTable(ui, "panes.container", false, twins);
    host.getStyleClass().add("host-pane");
    container.getStyleClass().add("container-pane");
    curves = new LinkCurves(host, container, twins);
    contents = PaneContents.of(scene, hostNames, insideNames, self(), ui);
    getStyleClass().add("process-panes");
    host.onJump(container::focusRow);
    container.onJump(host::focusRow);
    twin = new TextTwin(ui, this::asText);
    twin.replaces(host, host, container, curves);
    host.setMenu(twin.menu());
    container.setMenu(twin.menu());
    container.addTool(twin.opener());
    getChildren().addAll(host, container, curves, twin);
    ui.language().subscribe(this::redraw);
  }

  @Override
  public View view() {
    return View.PROCESSES;
  }

  @Override
  public Node node() {
    return this;
  }

  @Override
  public Explanation why(LessonScene at) {
    return WhyText.explain(at, ui);
  }

  /** What the two panes and the curves say, as plain text. */
  @Override
  public String asText() {
    return ProcessText.of(contents, host.rows(), ui);
  }

  /** Draws the moment; rows that did not change stay as they are. */
  @Override
  public void show(LessonScene newScene) {
    scene = newScene;
    redraw();
    readNames(newScene);
  }

  private void redraw() {
    contents = PaneContents.of(scene, hostNames, insideNames, self(), ui);
    host.show(contents.host());
    container.show(contents.container());
    curves.join(contents.links());
    container.pseudoClassStateChanged(ALIVE, ChipsBar.firstProcess(scene).isPresent());
    twin.refresh();
  }

  private static int self() {
    return (int) ProcessHandle.current().pid();
  }

  /** Looks the names up beside the JavaFX thread, and draws again if they are new. */
  private void readNames(LessonScene looked) {
    int look = ++looks;
    // Of a past container nothing can be read any more; its names stay as they were.
    boolean alive = !looked.past() && ChipsBar.firstProcess(looked).isPresent();
    int pid = looked.containerPid().orElse(0);
    Thread.ofVirtual()
        .name("names")
        .start(() -> {
          UserNames outside = reader.host();
          UserNames inside = alive ? reader.inside(pid) : UserNames.NONE;
          Platform.runLater(() -> {
            if (look == looks) {
              named(outside, alive ? inside : insideNames);
            }
          });
        });
  }

  private void named(UserNames outside, UserNames inside) {
    if (!outside.equals(hostNames) || !inside.equals(insideNames)) {
      hostNames = outside;
      insideNames = inside;
      redraw();
    }
  }

  @Override
  protected void layoutChildren() {
    double width = getWidth();
    double height = getHeight();
    double half = snapSizeX((width - GAP) / 2);
    host.resizeRelocate(0, 0, half, height);
    container.resizeRelocate(half + GAP, 0, width - half - GAP, height);
    curves.resizeRelocate(0, 0, width, height);
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
