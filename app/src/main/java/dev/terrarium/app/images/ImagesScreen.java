package dev.terrarium.app.images;

import dev.terrarium.app.dock.TerminalPane;
import dev.terrarium.app.window.Shortcuts;
import dev.terrarium.app.window.TwoColumns;
import dev.terrarium.app.window.UiContext;
import java.util.List;
import java.util.Optional;
import javafx.geometry.Orientation;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.SplitPane;
import javafx.scene.control.Tab;
import javafx.scene.control.TabPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;

/**
 * What an image is: its layers as they lie on each other, the tree that they make together, and
 * what of them is never seen.
 */
public final class ImagesScreen extends HBox implements AutoCloseable {

  private static final double STACK_WIDTH = 386;

  private final ImagesViewModel model;
  private final ImageList list;
  private final LayerStack stack;
  private final TreePane tree;
  private final WastePane waste;
  private final ConfigPane config;
  private final PreviewPane preview;
  private final TerminalPane terminal;
  private final TabPane tabs = new TabPane();
  private ImagesState drawn = ImagesState.EMPTY;

  public ImagesScreen(UiContext ui, ImagesViewModel model) {
    this.model = model;
    getStyleClass().add("images-screen");
    this.list = new ImageList(ui, model);
    this.stack = new LayerStack(ui, model);
    this.preview = new PreviewPane(ui, model);
    this.tree = new TreePane(ui, preview::show);
    this.waste = new WastePane(ui);
    this.config = new ConfigPane(ui);
    this.terminal = new TerminalPane(ui);
    Tab trialTab = tab(ui, "images.tab.trial", terminal);
    SplitPane files = new SplitPane(tree, preview);
    files.setOrientation(Orientation.VERTICAL);
    files.setDividerPositions(0.68);
    files.getStyleClass().add("stage");
    tabs.getTabs()
        .setAll(
            tab(ui, "images.tab.files", files),
            tab(ui, "images.tab.waste", waste),
            tab(ui, "images.tab.config", config),
            trialTab);
    tabs.setTabClosingPolicy(TabPane.TabClosingPolicy.UNAVAILABLE);
    tabs.getStyleClass().add("image-tabs");
    VBox right = new VBox(problem(ui), tabs);
    right.getStyleClass().add("right");
    VBox.setVgrow(tabs, Priority.ALWAYS);
    TwoColumns columns = new TwoColumns(stack, right, STACK_WIDTH);
    HBox.setHgrow(columns, Priority.ALWAYS);
    getChildren().addAll(list, columns);
    model.state().subscribe(this::draw);
    ui.language().subscribe(_ -> redraw(model.state().get()));
    model.refresh();
  }

  private static Tab tab(UiContext ui, String key, Node content) {
    Tab tab = new Tab();
    tab.textProperty().bind(ui.message(key));
    tab.setContent(content);
    return tab;
  }

  private Label problem(UiContext ui) {
    Label problem = new Label();
    problem.getStyleClass().add("image-problem");
    problem.setWrapText(true);
    problem.setMinHeight(USE_PREF_SIZE);
    problem.visibleProperty().bind(problem.textProperty().isNotEmpty());
    problem.managedProperty().bind(problem.visibleProperty());
    problem.setOnMouseClicked(_ -> model.forgetProblem());
    model
        .state()
        .subscribe(state ->
            problem.setText(state.problem().map(why -> ui.text("images.problem", why)).orElse("")));
    return problem;
  }

  /** The regions that F6 goes round. */
  public List<Shortcuts.Region> regions() {
    return List.of(
        new Shortcuts.Region(list, false),
        new Shortcuts.Region(stack, false),
        new Shortcuts.Region(tabs, true));
  }

  private void draw(ImagesState state) {
    if (!state.selected().equals(drawn.selected())) {
      tree.forgetOpen();
      preview.show(Optional.empty());
      config.show(state.selected());
    }
    if (!state.analysis().equals(drawn.analysis())) {
      waste.show(state.analysis());
    }
    if (!state.scene().equals(drawn.scene())) {
      tree.show(state.scene());
    }
    if (!state.trial().equals(drawn.trial())) {
      tabs.getSelectionModel().selectLast();
      terminal.show(state.trial().map(ImagesState.Trial::container));
    }
    drawn = state;
  }

  /** Lets go of the terminal. */
  @Override
  public void close() {
    terminal.close();
  }

  private void redraw(ImagesState state) {
    config.show(state.selected());
    waste.show(state.analysis());
  }
}
