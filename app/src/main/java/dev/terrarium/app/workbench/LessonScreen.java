package dev.terrarium.app.workbench;

import dev.terrarium.app.lesson.LessonList;
import dev.terrarium.app.lesson.LessonView;
import dev.terrarium.app.lesson.LessonViewModel;
import dev.terrarium.app.lesson.PastBanner;
import dev.terrarium.app.lesson.StoryColumn;
import dev.terrarium.app.lesson.Timeline;
import dev.terrarium.app.window.LessonScene;
import dev.terrarium.app.window.Shortcuts;
import dev.terrarium.app.window.TwoColumns;
import dev.terrarium.app.window.UiContext;
import dev.terrarium.lessons.play.PlayerState.Phase;
import java.util.List;
import javafx.geometry.Orientation;
import javafx.scene.control.SplitPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;

/** The lesson screen: list, story, and on the right what host and container are seen to be. */
final class LessonScreen extends HBox implements AutoCloseable {

  private static final double STORY_WIDTH = 344;

  private final LessonParts parts;
  private final LessonList list;
  private final StoryColumn story;
  private final Timeline timeline;
  private Phase phaseShown = Phase.READY;
  private LessonScene shown = LessonScene.EMPTY;

  LessonScreen(UiContext ui, LessonViewModel model, LessonList list, LessonParts parts) {
    this.parts = parts;
    this.list = list;
    this.story = new StoryColumn(ui, model);
    this.timeline = new Timeline(ui, model);
    getStyleClass().add("lesson-screen");

    VBox sight = new VBox(parts.chips(), parts.sights(), parts.why(), timeline);
    sight.getStyleClass().add("sight");
    VBox.setVgrow(parts.sights(), Priority.ALWAYS);
    SplitPane stage = new SplitPane(sight, parts.dock());
    stage.setOrientation(Orientation.VERTICAL);
    stage.setDividerPositions(0.7);
    stage.getStyleClass().add("stage");
    VBox.setVgrow(stage, Priority.ALWAYS);
    VBox right = new VBox(new PastBanner(ui, model), stage);
    right.getStyleClass().add("right");

    TwoColumns columns = new TwoColumns(story, right, STORY_WIDTH);
    HBox.setHgrow(columns, Priority.ALWAYS);
    getChildren().addAll(list, columns);

    model.view().subscribe(this::draw);
    model.story().subscribe(view -> list.show(view, model));
    ui.language().subscribe(_ -> list.show(model.story().get(), model));
  }

  /** The regions that F6 goes round. */
  List<Shortcuts.Region> regions() {
    return List.of(
        new Shortcuts.Region(story, false),
        new Shortcuts.Region(parts.chips(), false),
        new Shortcuts.Region(parts.sights(), false),
        new Shortcuts.Region(parts.why(), false),
        new Shortcuts.Region(timeline, false),
        new Shortcuts.Region(parts.dock(), true),
        new Shortcuts.Region(list, false));
  }

  /** Lets go of the terminals. */
  @Override
  public void close() {
    parts.dock().close();
  }

  void focusPrimary() {
    story.focusPrimary();
  }

  private void draw(LessonView view) {
    Phase phase = view.state().phase();
    if (phase == Phase.YOUR_TURN && phaseShown != Phase.YOUR_TURN) {
      parts.dock().openContainerTerminal();
    }
    phaseShown = phase;
    LessonScene scene = view.scene();
    if (!scene.equals(shown)) {
      shown = scene;
      parts.show(scene);
    }
  }
}
