package dev.terrarium.app.workbench;

import dev.terrarium.app.window.ScenePart;
import dev.terrarium.app.window.UiContext;
import javafx.scene.layout.Region;

/** Makes the parts of the lesson screen that draw scenes. */
final class LessonParts {

  private LessonParts() {}

  static LessonScreen.Parts of(UiContext ui) {
    return new LessonScreen.Parts(empty(), empty(), empty(), empty());
  }

  private static ScenePart empty() {
    Region region = new Region();
    region.setPrefHeight(44);
    region.setStyle("-fx-background-color: -t-surface; -fx-border-color: -t-border;");
    return new ScenePart(region, _ -> {});
  }
}
