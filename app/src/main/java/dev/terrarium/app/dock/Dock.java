package dev.terrarium.app.dock;

import dev.terrarium.app.window.LessonScene;
import dev.terrarium.app.window.UiContext;
import java.io.IOException;
import java.util.List;
import javafx.application.Platform;
import javafx.beans.binding.StringBinding;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Tab;
import javafx.scene.control.TabPane;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;

/**
 * Below the panes: the system calls, the kernel delta, and two real terminals. Each tab is built
 * when it is first opened.
 */
public final class Dock extends StackPane implements AutoCloseable {

  private final TabPane tabs = new TabPane();
  private final HBox tools = new HBox();
  private final TerminalColors colors = new TerminalColors();
  private final TraceView trace;
  private final DeltaView delta;
  private final ContainerTerminal container;
  private final HostTerminal host;
  private final Tab containerTab;

  public Dock(UiContext ui) {
    trace = new TraceView(ui);
    delta = new DeltaView(ui);
    container = new ContainerTerminal(ui, colors);
    host = new HostTerminal(ui, colors);
    getStyleClass().add("dock");
    Tab deltaTab = tab(ui.message("dock.tab.delta"), delta);
    deltaTab.setGraphic(delta.count());
    containerTab = tab(ui.message("dock.tab.container"), container);
    Tab hostTab = tab(ui.message("dock.tab.host"), host);
    tabs.getTabs()
        .addAll(tab(ui.message("dock.tab.calls"), trace), deltaTab, containerTab, hostTab);
    tabs.setTabClosingPolicy(TabPane.TabClosingPolicy.UNAVAILABLE);
    tabs.accessibleTextProperty().bind(ui.message("dock.accessible"));
    tools.getStyleClass().add("dock-tools");
    tools.setMaxSize(Region.USE_PREF_SIZE, Region.USE_PREF_SIZE);
    setAlignment(tools, Pos.TOP_RIGHT);
    getChildren().addAll(tabs, tools, colors);
    tabs.getSelectionModel().selectedItemProperty().subscribe(this::opened);
    listenToKeys();
    // The palette's stylesheet is exchanged by another listener; take its colours after that.
    ui.palette().subscribe(() -> Platform.runLater(this::repaintTerminals));
  }

  private static Tab tab(StringBinding title, Node content) {
    Tab tab = new Tab();
    tab.textProperty().bind(title);
    tab.setContent(content);
    return tab;
  }

  private void listenToKeys() {
    // The terminals keep every key to themselves but this one, or they could not be left.
    addEventFilter(
        KeyEvent.KEY_PRESSED,
        event -> {
          if (event.getCode() == KeyCode.F6) {
            tabs.requestFocus();
            event.consume();
          }
        });
    tabs.addEventFilter(
        MouseEvent.MOUSE_RELEASED,
        event -> {
          if (event.getTarget() instanceof Node node && inHeader(node)) {
            focusTerminal();
          }
        });
  }

  private static boolean inHeader(Node node) {
    for (Node n = node; n != null; n = n.getParent()) {
      if (n.getStyleClass().contains("tab-header-area")) {
        return true;
      }
    }
    return false;
  }

  private void opened(Tab tab) {
    tools.getChildren().setAll(tab.getContent() == trace ? trace.tools() : List.of());
    // A tab has its place in the scene, and so its colours and its size, after this event.
    Platform.runLater(() -> {
      if (tab.isSelected() && tab.getContent() == container) {
        container.open();
      } else if (tab.isSelected() && tab.getContent() == host) {
        host.open();
      }
    });
  }

  private void focusTerminal() {
    Node content = tabs.getSelectionModel().getSelectedItem().getContent();
    if (content == container) {
      container.focusTerminal();
    } else if (content == host) {
      host.focusTerminal();
    }
  }

  private void repaintTerminals() {
    colors.refresh();
    container.repaint();
    host.repaint();
  }

  /** Draws the moment; what is already on screen stays. */
  public void show(LessonScene scene) {
    trace.show(scene);
    delta.show(scene);
    container.show(scene);
  }

  /** Brings the container's terminal to the front and gives it the keyboard. */
  public void openContainerTerminal() {
    tabs.getSelectionModel().select(containerTab);
    container.focusTerminal();
  }

  /** What the container's terminal shows, as plain text; empty while it is closed. */
  public String containerScreenText() {
    return container.screenText().orElse("");
  }

  /** What is said in place of the container's terminal, or below it; for tests. */
  String terminalMessage() {
    return container.message();
  }

  /** The host shell's pid, 0 while there is none; for tests. */
  long hostShellPid() {
    return host.shellPid();
  }

  String hostScreenText() {
    return host.screenText();
  }

  void typeOnHost(String text) throws IOException {
    host.type(text);
  }

  /** Ends both terminals and the host's shell; bounded. */
  @Override
  public void close() {
    container.close();
    host.close();
  }
}
