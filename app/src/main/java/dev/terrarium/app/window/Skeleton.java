package dev.terrarium.app.window;

import dev.terrarium.app.text.VisibleText;
import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/**
 * What stands in the window until the engine is open: the shape of the screen, and why it waits.
 */
public final class Skeleton extends HBox {

  private static final int LONGEST_REASON = 600;

  private final Label words = new Label();

  public Skeleton(UiContext ui) {
    getStyleClass().add("skeleton");
    words.getStyleClass().add("skeleton-words");
    words.textProperty().bind(ui.message("skeleton.opening"));
    words.setWrapText(true);
    VBox list = new VBox(14, bar(120), bar(150), bar(96), bar(130));
    list.getStyleClass().add("skeleton-list");
    VBox story = new VBox(14, words, bar(240), bar(280), bar(260), bar(180));
    story.getStyleClass().add("skeleton-story");
    HBox panes = new HBox(14, card(), card());
    panes.setAlignment(Pos.CENTER);
    VBox.setVgrow(panes, Priority.ALWAYS);
    Region dock = new Region();
    dock.getStyleClass().add("skeleton-dock");
    VBox right = new VBox(14, panes, dock);
    right.getStyleClass().add("skeleton-right");
    HBox.setHgrow(right, Priority.ALWAYS);
    getChildren().addAll(list, story, right);
  }

  /** Says why nothing will come. */
  public void fail(String reason) {
    words.textProperty().unbind();
    words.setText(VisibleText.of(reason, LONGEST_REASON));
    words.getStyleClass().add("skeleton-failed");
  }

  private static Region bar(double width) {
    Region bar = new Region();
    bar.getStyleClass().add("skeleton-bar");
    bar.setMaxWidth(width);
    bar.setPrefWidth(width);
    return bar;
  }

  private static Region card() {
    Region card = new Region();
    card.getStyleClass().add("skeleton-card");
    HBox.setHgrow(card, Priority.ALWAYS);
    return card;
  }
}
