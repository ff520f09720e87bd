package dev.terrarium.app.lesson;

import dev.terrarium.app.lesson.LessonView.StepMark;
import dev.terrarium.app.window.UiContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import javafx.css.PseudoClass;
import javafx.geometry.Pos;
import javafx.scene.AccessibleRole;
import javafx.scene.Cursor;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;

/**
 * The lesson's steps in a row; recorded ones can be looked at, the last pill leads back to live.
 */
public final class Timeline extends HBox {

  private static final PseudoClass PAST = PseudoClass.getPseudoClass("past");
  private static final PseudoClass CURRENT = PseudoClass.getPseudoClass("current");
  private static final PseudoClass RECORDED = PseudoClass.getPseudoClass("recorded");

  private final UiContext ui;
  private final LessonViewModel model;
  private final Label where = new Label();
  private final Track track = new Track();
  private final Button live = new Button();

  public Timeline(UiContext ui, LessonViewModel model) {
    this.ui = ui;
    this.model = model;
    getStyleClass().add("timeline");
    setAlignment(Pos.CENTER_LEFT);
    where.getStyleClass().add("where");
    where.setMinWidth(Region.USE_PREF_SIZE);
    HBox.setHgrow(track, Priority.ALWAYS);
    Region dot = new Region();
    dot.getStyleClass().add("live-dot");
    live.setGraphic(dot);
    live.getStyleClass().setAll("pill", "live-pill");
    live.setMinWidth(Region.USE_PREF_SIZE);
    live.setTooltip(new Tooltip());
    live.setOnAction(_ -> model.live());
    getChildren().addAll(where, track, live);
    track.addEventHandler(KeyEvent.KEY_PRESSED, this::steer);
    model.story().subscribe(this::draw);
    ui.language().subscribe(_ -> draw(model.story().get()));
  }

  /** Where the keyboard goes when this region is entered. */
  public void focusTrack() {
    track.requestFocus();
  }

  private void steer(KeyEvent key) {
    LessonView view = model.view().get();
    switch (key.getCode()) {
      case LEFT -> lookBeside(view, -1);
      case RIGHT -> lookBeside(view, 1);
      case HOME -> model.look(0);
      case END, ESCAPE -> model.live();
      default -> {
        return;
      }
    }
    key.consume();
  }

  private void lookBeside(LessonView view, int direction) {
    for (int step = view.step() + direction;
        step >= 0 && step < view.stepCount();
        step += direction) {
      if (view.moment(step).isPresent() || step == view.state().step()) {
        model.look(step);
        return;
      }
    }
  }

  private void draw(LessonView view) {
    where.setText(ui.text("timeline.where", view.step() + 1, view.stepCount()));
    boolean past = view.isPast();
    live.setText(ui.text(past ? "timeline.to-live" : "timeline.live"));
    live.setAccessibleText(ui.text(past ? "timeline.to-live" : "timeline.live.name"));
    live.getTooltip().setText(ui.text(past ? "timeline.to-live.tip" : "timeline.live.tip"));
    live.pseudoClassStateChanged(PAST, past);
    live.setFocusTraversable(past);
    track.draw(view);
  }

  /** The line and its circles. */
  private final class Track extends Region {

    private final Region line = new Region();
    private final Region walked = new Region();
    private final List<Region> circles = new ArrayList<>();
    private final List<Tooltip> tips = new ArrayList<>();
    private int walkedTo;

    Track() {
      getStyleClass().add("timeline-track");
      line.getStyleClass().add("timeline-line");
      walked.getStyleClass().addAll("timeline-line", "timeline-walked");
      getChildren().addAll(line, walked);
      setFocusTraversable(true);
      setAccessibleRole(AccessibleRole.SLIDER);
      setMinWidth(120);
    }

    void draw(LessonView view) {
      while (circles.size() > view.stepCount()) {
        getChildren().remove(circles.removeLast());
        tips.removeLast();
      }
      while (circles.size() < view.stepCount()) {
        addCircle(circles.size());
      }
      String language = ui.language().get().code();
      walkedTo = view.state().step();
      List<String> spoken = new ArrayList<>();
      for (int step = 0; step < circles.size(); step++) {
        StepMark mark = view.mark(step);
        boolean reachable = view.moment(step).isPresent() || step == view.state().step();
        Region circle = circles.get(step);
        circle.pseudoClassStateChanged(CURRENT, mark == StepMark.CURRENT);
        circle.pseudoClassStateChanged(PAST, mark == StepMark.CURRENT && view.isPast());
        circle.pseudoClassStateChanged(RECORDED, reachable && mark != StepMark.CURRENT);
        circle.setCursor(reachable ? Cursor.HAND : Cursor.DEFAULT);
        String name =
            ui.text(
                "timeline." + mark.name().toLowerCase(Locale.ROOT),
                step + 1,
                view.lesson().prose(language, step).title());
        tips.get(step).setText(name);
        spoken.add(name);
      }
      setAccessibleText(
          ui.text(view.isPast() ? "timeline.name.past" : "timeline.name", where.getText())
              + " "
              + spoken.stream().collect(Collectors.joining("; ")));
      requestLayout();
    }

    private void addCircle(int step) {
      Region circle = new Region();
      circle.getStyleClass().add("timeline-circle");
      circle.setOnMouseClicked(_ -> {
        requestFocus();
        model.look(step);
      });
      Tooltip tip = new Tooltip();
      Tooltip.install(circle, tip);
      tips.add(tip);
      circles.add(circle);
      getChildren().add(circle);
    }

    @Override
    protected void layoutChildren() {
      double left = snappedLeftInset();
      double width = getWidth() - left - snappedRightInset();
      double middle = getHeight() / 2;
      double gap = circles.size() > 1 ? (width - 2) / (circles.size() - 1) : 0;
      double first = left + 1;
      line.resizeRelocate(first, snapPositionY(middle - 1.5), width - 2, 3);
      walked.resizeRelocate(first, snapPositionY(middle - 1.5), gap * walkedTo, 3);
      for (int step = 0; step < circles.size(); step++) {
        Region circle = circles.get(step);
        double size = snapSizeX(circle.prefWidth(-1));
        circle.resizeRelocate(
            snapPositionX(first + gap * step - size / 2),
            snapPositionY(middle - size / 2),
            size,
            size);
      }
    }

    /** Not what its circles take: they lie where its width puts them. */
    @Override
    protected double computePrefWidth(double height) {
      return 120;
    }

    @Override
    protected double computePrefHeight(double width) {
      return 28;
    }
  }
}
