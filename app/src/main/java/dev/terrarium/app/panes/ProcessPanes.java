package dev.terrarium.app.panes;

import dev.terrarium.app.window.LessonScene;
import dev.terrarium.app.window.UiContext;
import java.nio.file.Path;
import javafx.application.Platform;
import javafx.css.PseudoClass;
import javafx.scene.control.Button;
import javafx.scene.control.ContextMenu;
import javafx.scene.control.MenuItem;
import javafx.scene.control.TextArea;
import javafx.scene.control.Tooltip;
import javafx.scene.input.Clipboard;
import javafx.scene.input.ClipboardContent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/**
 * The host's processes beside those that the container sees, each process's two rows joined by a
 * curve. Two instances of one view, fed two projections of one snapshot; and a text that says the
 * same.
 */
public final class ProcessPanes extends Region {

  private static final PseudoClass ALIVE = PseudoClass.getPseudoClass("alive");
  private static final double GAP = 16;

  private final UiContext ui;
  private final Twins twins = new Twins();
  private final ProcessTable host;
  private final ProcessTable container;
  private final LinkCurves curves;
  private final TextArea text = new TextArea();
  private final VBox textTwin = new VBox();
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
    host.setMenu(menu());
    container.setMenu(menu());
    container.addTool(textButton());
    buildTextTwin();
    getChildren().addAll(host, container, curves, textTwin);
    ui.language().subscribe(this::redraw);
  }

  private Button textButton() {
    Button button = new Button("≡");
    button.getStyleClass().setAll("icon-button");
    button.accessibleTextProperty().bind(ui.message("panes.text.show"));
    Tooltip tip = new Tooltip();
    tip.textProperty().bind(ui.message("panes.text.show"));
    button.setTooltip(tip);
    button.setOnAction(_ -> showText(true));
    return button;
  }

  private ContextMenu menu() {
    MenuItem show = new MenuItem();
    show.textProperty().bind(ui.message("panes.text.show"));
    show.setOnAction(_ -> showText(true));
    MenuItem copy = new MenuItem();
    copy.textProperty().bind(ui.message("panes.text.copy"));
    copy.setOnAction(_ -> copyText());
    return new ContextMenu(show, copy);
  }

  private void buildTextTwin() {
    text.setEditable(false);
    text.getStyleClass().addAll("mono", "text-twin-area");
    text.accessibleTextProperty().bind(ui.message("panes.text.accessible"));
    Button back = new Button();
    back.textProperty().bind(ui.message("panes.text.hide"));
    back.getStyleClass().add("small");
    back.setOnAction(_ -> showText(false));
    Button copy = new Button();
    copy.textProperty().bind(ui.message("panes.text.copy"));
    copy.getStyleClass().add("small");
    copy.setOnAction(_ -> copyText());
    HBox tools = new HBox(back, copy);
    tools.getStyleClass().add("text-twin-tools");
    textTwin.getChildren().addAll(tools, text);
    textTwin.getStyleClass().add("text-twin");
    textTwin.setVisible(false);
    VBox.setVgrow(text, Priority.ALWAYS);
  }

  private void showText(boolean asText) {
    textTwin.setVisible(asText);
    host.setVisible(!asText);
    container.setVisible(!asText);
    curves.setVisible(!asText);
    if (asText) {
      text.setText(asText());
      text.requestFocus();
    } else {
      host.requestFocus();
    }
  }

  private void copyText() {
    ClipboardContent content = new ClipboardContent();
    content.putString(asText());
    Clipboard.getSystemClipboard().setContent(content);
  }

  /** What the two panes and the curves say, as plain text. */
  public String asText() {
    return ProcessText.of(contents, host.rows(), ui);
  }

  /** Draws the moment; rows that did not change stay as they are. */
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
    if (textTwin.isVisible()) {
      double scrolled = text.getScrollTop();
      text.setText(asText());
      text.setScrollTop(scrolled);
    }
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
    textTwin.resizeRelocate(0, 0, width, height);
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
