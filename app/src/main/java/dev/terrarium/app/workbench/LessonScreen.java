package dev.terrarium.app.workbench;

import dev.terrarium.app.lesson.LessonList;
import dev.terrarium.app.lesson.LessonView;
import dev.terrarium.app.lesson.LessonViewModel;
import dev.terrarium.app.lesson.PastBanner;
import dev.terrarium.app.lesson.StoryColumn;
import dev.terrarium.app.lesson.Timeline;
import dev.terrarium.app.window.LessonScene;
import dev.terrarium.app.window.ScenePart;
import dev.terrarium.app.window.Shortcuts;
import dev.terrarium.app.window.UiContext;
import java.util.List;
import javafx.geometry.Orientation;
import javafx.scene.control.SplitPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;

/** The lesson screen: list, story, and on the right what host and container are seen to be. */
final class LessonScreen extends HBox {

  /**
   * The parts that draw scenes, made by the caller.
   *
   * @param chips the container's namespaces
   * @param panes host and container side by side
   * @param why the cause of their difference
   * @param dock system calls, delta, terminals
   */
  record Parts(ScenePart chips, ScenePart panes, ScenePart why, ScenePart dock) {
    List<ScenePart> all() {
      return List.of(chips, panes, why, dock);
    }
  }

  private final Parts parts;
  private final LessonList list;
  private final StoryColumn story;
  private final Timeline timeline;
  private LessonScene shown = LessonScene.EMPTY;

  LessonScreen(UiContext ui, LessonViewModel model, LessonList list, Parts parts) {
    this.parts = parts;
    this.list = list;
    this.story = new StoryColumn(ui, model);
    this.timeline = new Timeline(ui, model);
    getStyleClass().add("lesson-screen");

    VBox sight = new VBox(parts.chips().node(), parts.panes().node(), parts.why().node(), timeline);
    sight.getStyleClass().add("sight");
    VBox.setVgrow(parts.panes().node(), Priority.ALWAYS);
    SplitPane stage = new SplitPane(sight, parts.dock().node());
    stage.setOrientation(Orientation.VERTICAL);
    stage.setDividerPositions(0.71);
    stage.getStyleClass().add("stage");
    SplitPane.setResizableWithParent(parts.dock().node(), false);
    VBox.setVgrow(stage, Priority.ALWAYS);
    VBox right = new VBox(new PastBanner(ui, model), stage);
    right.getStyleClass().add("right");

    SplitPane columns = new SplitPane(story, right);
    columns.getStyleClass().add("columns");
    columns.setDividerPositions(0.31);
    SplitPane.setResizableWithParent(story, false);
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
        new Shortcuts.Region(parts.chips().node(), false),
        new Shortcuts.Region(parts.panes().node(), false),
        new Shortcuts.Region(parts.why().node(), false),
        new Shortcuts.Region(timeline, false),
        new Shortcuts.Region(parts.dock().node(), true),
        new Shortcuts.Region(list, false));
  }

  void focusPrimary() {
    story.focusPrimary();
  }

  private void draw(LessonView view) {
    LessonScene scene = view.scene();
    if (!scene.equals(shown)) {
      shown = scene;
      parts.all().forEach(part -> part.show().accept(scene));
    }
  }
}
