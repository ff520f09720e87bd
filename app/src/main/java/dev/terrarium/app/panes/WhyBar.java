package dev.terrarium.app.panes;

import atlantafx.base.controls.Popover;
import dev.terrarium.app.window.LessonScene;
import dev.terrarium.app.window.UiContext;
import dev.terrarium.engine.observe.Difference;
import dev.terrarium.engine.observe.Differences;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import javafx.css.PseudoClass;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.scene.text.Text;
import javafx.scene.text.TextFlow;

/**
 * Why the two panes differ: the difference that matters most at this step as one sentence with the
 * call that made it, and the others one press away.
 */
public final class WhyBar extends HBox {

  private static final PseudoClass QUIET = PseudoClass.getPseudoClass("quiet");

  private final UiContext ui;
  private final TextFlow text = new TextFlow();
  private final Button more = new Button();
  private final Popover popover = new Popover();
  private LessonScene scene = LessonScene.EMPTY;
  private List<Difference> differences = List.of();
  private String shown = "";

  public WhyBar(UiContext ui) {
    this.ui = ui;
    getStyleClass().add("why-bar");
    Label title = new Label();
    title.getStyleClass().add("why-title");
    title.textProperty().bind(ui.message("panes.why"));
    title.setMinWidth(Region.USE_PREF_SIZE);
    text.getStyleClass().add("why-text");
    HBox.setHgrow(text, Priority.ALWAYS);
    more.getStyleClass().setAll("link-button");
    more.setMinWidth(Region.USE_PREF_SIZE);
    more.managedProperty().bind(more.visibleProperty());
    more.setOnAction(_ -> showAll());
    popover.setDetachable(false);
    popover.setHeaderAlwaysVisible(false);
    popover.setArrowLocation(Popover.ArrowLocation.BOTTOM_RIGHT);
    getChildren().addAll(title, text, more);
    setFocusTraversable(true);
    ui.language().subscribe(() -> show(scene));
  }

  /** Works out and shows why the panes of that moment differ. */
  public void show(LessonScene newScene) {
    scene = newScene;
    boolean alive = ChipsBar.firstProcess(newScene).isPresent();
    differences =
        alive && newScene.snapshot().isPresent()
            ? Differences.between(
                newScene.snapshot().get(), newScene.containerPid().orElseThrow(), newScene.calls())
            : List.of();
    Optional<Difference> first = WhyText.foremost(differences, newScene);
    String sentence =
        first
            .map(difference -> WhyText.of(difference, newScene, ui))
            .orElseGet(() ->
                ui.text(
                    alive
                        ? "panes.why.same"
                        : PaneContents.ended(newScene) ? "panes.why.ended" : "panes.why.nothing"));
    pseudoClassStateChanged(QUIET, first.isEmpty());
    if (!sentence.equals(shown)) {
      shown = sentence;
      fill(text, sentence);
      setAccessibleText(ui.text("panes.why") + ": " + WhyText.plain(sentence));
    }
    more.setVisible(differences.size() > 1);
    more.setText(ui.text("panes.why.more", differences.size() - 1));
    more.setAccessibleText(ui.text("panes.why.more.accessible", differences.size() - 1));
    if (differences.size() < 2) {
      popover.hide();
    }
  }

  /** Every difference as plain text, a line each. */
  public String asText() {
    return differences.stream()
        .map(difference -> WhyText.plain(WhyText.of(difference, scene, ui)))
        .collect(Collectors.joining("\n"));
  }

  private void showAll() {
    Optional<Difference> first = WhyText.foremost(differences, scene);
    List<Region> items = new ArrayList<>();
    for (Difference difference : differences) {
      if (!first.equals(Optional.of(difference))) {
        TextFlow item = new TextFlow();
        item.getStyleClass().add("why-item");
        fill(item, WhyText.of(difference, scene, ui));
        items.add(item);
      }
    }
    VBox list = new VBox();
    list.getStyleClass().add("why-list");
    list.getChildren().addAll(items);
    ScrollPane scroll = new ScrollPane(list);
    scroll.getStyleClass().add("why-scroll");
    scroll.setFitToWidth(true);
    scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
    scroll.setPrefViewportHeight(Math.min(320, 46 * items.size()));
    popover.setContentNode(scroll);
    popover.show(more);
  }

  /** What stands between backquotes is what a machine says, and is set like it. */
  private static void fill(TextFlow flow, String sentence) {
    List<Text> pieces = new ArrayList<>();
    String[] parts = sentence.split("`", -1);
    for (int i = 0; i < parts.length; i++) {
      if (!parts[i].isEmpty()) {
        Text piece = new Text(parts[i]);
        piece.getStyleClass().add(i % 2 == 1 ? "why-code" : "why-words");
        pieces.add(piece);
      }
    }
    flow.getChildren().setAll(pieces);
  }
}
