package dev.terrarium.app.panes;

import atlantafx.base.controls.Popover;
import dev.terrarium.app.window.Explanation;
import dev.terrarium.app.window.LessonScene;
import dev.terrarium.app.window.UiContext;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
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

  private static final Explanation NOTHING = new Explanation(List.of(), "");

  private final UiContext ui;
  private final TextFlow text = new TextFlow();
  private final Button more = new Button();
  private final Popover popover = new Popover();
  private LessonScene scene = LessonScene.EMPTY;
  private Function<LessonScene, Explanation> why = _ -> NOTHING;
  private Explanation explanation = NOTHING;
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
    ui.language().subscribe(() -> show(scene, why));
  }

  /**
   * Shows why the sides of that moment differ.
   *
   * @param reasons works it out; asked again when the language changes
   */
  public void show(LessonScene newScene, Function<LessonScene, Explanation> reasons) {
    scene = newScene;
    why = reasons;
    explanation = reasons.apply(newScene);
    List<String> sentences = explanation.sentences();
    String sentence = sentences.isEmpty() ? explanation.otherwise() : sentences.getFirst();
    pseudoClassStateChanged(QUIET, sentences.isEmpty());
    if (!sentence.equals(shown)) {
      shown = sentence;
      fill(text, sentence);
      setAccessibleText(ui.text("panes.why") + ": " + Explanation.plain(sentence));
    }
    more.setVisible(sentences.size() > 1);
    more.setText(ui.text("panes.why.more", sentences.size() - 1));
    more.setAccessibleText(ui.text("panes.why.more.accessible", sentences.size() - 1));
    if (sentences.size() < 2) {
      popover.hide();
    }
  }

  /** Every difference as plain text, a line each. */
  public String asText() {
    return explanation.sentences().stream()
        .map(Explanation::plain)
        .collect(Collectors.joining("\n"));
  }

  private void showAll() {
    List<Region> items = new ArrayList<>();
    for (String sentence : explanation.sentences().subList(1, explanation.sentences().size())) {
      TextFlow item = new TextFlow();
      item.getStyleClass().add("why-item");
      fill(item, sentence);
      items.add(item);
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
