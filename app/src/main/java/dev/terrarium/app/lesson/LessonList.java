package dev.terrarium.app.lesson;

import dev.terrarium.app.lesson.LessonView.StepMark;
import dev.terrarium.app.window.UiContext;
import dev.terrarium.lessons.Course;
import dev.terrarium.lessons.format.Lesson;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import javafx.css.PseudoClass;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.javafx.FontIcon;
import org.kordamp.ikonli.materialdesign2.MaterialDesignC;
import org.kordamp.ikonli.materialdesign2.MaterialDesignP;

/**
 * The left column: the course's parts and lessons and, under the open lesson, its steps. The steps
 * say in words what the timeline draws.
 */
public final class LessonList extends ScrollPane {

  private static final PseudoClass OPEN = PseudoClass.getPseudoClass("open");
  private static final PseudoClass DONE = PseudoClass.getPseudoClass("done");
  private static final PseudoClass CURRENT = PseudoClass.getPseudoClass("current");

  private final UiContext ui;
  private final VBox rows = new VBox();
  private final Consumer<Lesson> onOpen;
  private Course course = new Course(List.of());
  private Set<String> done = Set.of();

  public LessonList(UiContext ui, Consumer<Lesson> onOpen) {
    this.ui = ui;
    this.onOpen = onOpen;
    getStyleClass().add("lesson-list");
    rows.getStyleClass().add("lesson-rows");
    setContent(rows);
    setFitToWidth(true);
    setHbarPolicy(ScrollBarPolicy.NEVER);
    accessibleTextProperty().bind(ui.message("list.name"));
  }

  /** Which lessons there are and which of them were finished before. */
  public void setCourse(Course course, Set<String> done) {
    this.course = course;
    this.done = Set.copyOf(done);
  }

  /** Draws the list with the steps of the open lesson. */
  public void show(LessonView view, LessonViewModel model) {
    String language = ui.language().get().code();
    rows.getChildren().clear();
    for (Course.Part part : course.parts()) {
      rows.getChildren().add(heading(part.title(language)));
      for (Lesson lesson : part.lessons()) {
        boolean open = lesson.id().equals(view.lesson().id());
        rows.getChildren().add(lessonRow(lesson, open, open && view.finished(), language));
        if (open) {
          for (int step = 0; step < view.stepCount(); step++) {
            rows.getChildren().add(stepRow(view, model, step, language));
          }
        }
      }
    }
  }

  private Node heading(String title) {
    Label label = new Label(title.toUpperCase(Locale.ROOT));
    label.setWrapText(true);
    label.getStyleClass().add("part");
    return label;
  }

  private Node lessonRow(Lesson lesson, boolean open, boolean justFinished, String language) {
    String title =
        lesson.titles().getOrDefault(language, lesson.titles().getOrDefault("en", lesson.id()));
    boolean finished = justFinished || done.contains(lesson.id());
    Button row = row(lesson.order() + "  " + title, "lesson-row");
    row.setGraphic(mark(finished ? MaterialDesignC.CHECK : MaterialDesignP.PLAY));
    row.getGraphic().setVisible(finished || open);
    row.pseudoClassStateChanged(OPEN, open);
    row.pseudoClassStateChanged(DONE, finished);
    row.setAccessibleText(
        ui.text(finished ? "list.lesson.done" : "list.lesson", lesson.order(), title));
    row.setOnAction(_ -> {
      if (!open) {
        onOpen.accept(lesson);
      }
    });
    return row;
  }

  private Node stepRow(LessonView view, LessonViewModel model, int step, String language) {
    StepMark mark = view.mark(step);
    boolean recorded = view.moment(step).isPresent();
    String title = view.lesson().prose(language, step).title();
    Button row = row(title, "step-row");
    row.setGraphic(
        mark(
            switch (mark) {
              case CURRENT -> MaterialDesignC.CIRCLE_SLICE_8;
              case RECORDED -> MaterialDesignC.CIRCLE_OUTLINE;
              case AHEAD -> MaterialDesignC.CIRCLE_SMALL;
            }));
    row.pseudoClassStateChanged(CURRENT, mark == StepMark.CURRENT);
    row.pseudoClassStateChanged(DONE, recorded && mark != StepMark.CURRENT);
    boolean reachable = recorded || step == view.state().step();
    row.setDisable(!reachable);
    row.setAccessibleText(
        ui.text("timeline." + mark.name().toLowerCase(Locale.ROOT), step + 1, title));
    row.setOnAction(_ -> model.look(step));
    return row;
  }

  private static Button row(String text, String style) {
    Button row = new Button(text);
    row.setWrapText(true);
    row.setMaxWidth(Double.MAX_VALUE);
    row.setMinHeight(Region.USE_PREF_SIZE);
    row.getStyleClass().setAll("list-row", style);
    return row;
  }

  private static FontIcon mark(org.kordamp.ikonli.Ikon icon) {
    return new FontIcon(icon);
  }
}
