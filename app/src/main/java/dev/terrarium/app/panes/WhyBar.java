package dev.terrarium.app.panes;

import dev.terrarium.app.window.LessonScene;
import dev.terrarium.app.window.UiContext;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;

/** Why the two panes differ. */
public final class WhyBar extends HBox {

  public WhyBar(UiContext ui) {
    getStyleClass().add("why-bar");
    Label title = new Label();
    title.getStyleClass().add("why-title");
    title.textProperty().bind(ui.message("panes.why"));
    getChildren().add(title);
    managedProperty().bind(visibleProperty());
    setVisible(false);
  }

  public void show(LessonScene scene) {}
}
