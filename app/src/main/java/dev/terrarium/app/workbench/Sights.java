package dev.terrarium.app.workbench;

import dev.terrarium.app.panes.WhyBar;
import dev.terrarium.app.window.LessonScene;
import dev.terrarium.app.window.Sight;
import dev.terrarium.app.window.UiContext;
import dev.terrarium.lessons.format.View;
import java.util.List;
import javafx.scene.AccessibleRole;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

/**
 * The ways to look at host and container, a tab for each. A step brings its own to the front; the
 * learner may look at another until the next step.
 */
final class Sights extends VBox {

  private final List<Sight> sights;
  private final WhyBar why;
  private final StackPane place = new StackPane();
  private final ToggleGroup tabs = new ToggleGroup();
  private LessonScene scene = LessonScene.EMPTY;
  private Sight front;

  Sights(UiContext ui, WhyBar why, List<Sight> sights) {
    this.why = why;
    this.sights = List.copyOf(sights);
    this.front = sights.getFirst();
    getStyleClass().add("sights");
    HBox bar = new HBox();
    bar.getStyleClass().add("sight-tabs");
    bar.accessibleTextProperty().bind(ui.message("sights.accessible"));
    for (Sight sight : sights) {
      ToggleButton tab = new ToggleButton();
      tab.textProperty().bind(ui.message("sights." + sight.view().word()));
      tab.getStyleClass().setAll("sight-tab");
      tab.setAccessibleRole(AccessibleRole.TAB_ITEM);
      tab.setUserData(sight);
      tab.setToggleGroup(tabs);
      tab.setOnAction(_ -> bring(sight));
      bar.getChildren().add(tab);
    }
    VBox.setVgrow(place, Priority.ALWAYS);
    getChildren().addAll(bar, place);
    bring(front);
  }

  /** Draws the moment in the view that is at the front. */
  void show(LessonScene next) {
    boolean turned = next.step() != scene.step() || next.view() != scene.view();
    scene = next;
    if (turned || next.moments().isEmpty()) {
      bring(next.view());
    } else {
      draw();
    }
  }

  /** The view at the front. */
  View shown() {
    return front.view();
  }

  private void bring(View view) {
    sights.stream().filter(sight -> sight.view() == view).findFirst().ifPresent(this::bring);
  }

  private void bring(Sight sight) {
    front = sight;
    tabs.getToggles().stream()
        .filter(tab -> sight.equals(tab.getUserData()))
        .forEach(tab -> tab.setSelected(true));
    if (!place.getChildren().contains(sight.node())) {
      place.getChildren().setAll(sight.node());
    }
    draw();
  }

  private void draw() {
    front.show(scene);
    why.show(scene, front::why);
  }
}
