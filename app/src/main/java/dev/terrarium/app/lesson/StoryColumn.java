package dev.terrarium.app.lesson;

import dev.terrarium.app.text.VisibleText;
import dev.terrarium.app.window.UiContext;
import dev.terrarium.lessons.format.StepProse;
import dev.terrarium.lessons.play.PlayerState.Phase;
import java.util.ArrayList;
import java.util.List;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.javafx.FontIcon;
import org.kordamp.ikonli.materialdesign2.MaterialDesignA;
import org.kordamp.ikonli.materialdesign2.MaterialDesignT;

/** The middle column: what is told, what is asked, what the kernel said, what runs. */
public final class StoryColumn extends VBox {

  private static final int LONGEST_FAILURE = 400;

  private final UiContext ui;
  private final Label kicker = new Label();
  private final Label title = new Label();
  private final VBox failure = new VBox();
  private final Label failureText = new Label();
  private final VBox body = new VBox();
  private final PredictionCard prediction;
  private final VerdictCard verdict;
  private final TurnCard turn;
  private final VBox finish = new VBox(6);
  private final CodeBlock code;
  private final ActionBar actions;
  private final ScrollPane scroll;

  public StoryColumn(UiContext ui, LessonViewModel model) {
    this.ui = ui;
    this.prediction = new PredictionCard(ui, model::choose);
    this.verdict = new VerdictCard(ui);
    this.turn = new TurnCard(ui);
    this.code = new CodeBlock(ui);
    this.actions = new ActionBar(ui, model);
    getStyleClass().add("story");
    kicker.getStyleClass().add("kicker");
    title.getStyleClass().add("title");
    title.setWrapText(true);
    body.getStyleClass().add("prose");
    finish.getStyleClass().addAll("card", "finish");
    buildFailure();

    VBox content = new VBox(kicker, title, failure, verdict, body, prediction, turn, finish, code);
    content.getStyleClass().add("story-content");
    for (Node part : List.of(failure, body, prediction, verdict, turn, finish)) {
      part.managedProperty().bind(part.visibleProperty());
    }
    scroll = new ScrollPane(content);
    scroll.setFitToWidth(true);
    scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
    scroll.getStyleClass().add("story-scroll");
    VBox.setVgrow(scroll, Priority.ALWAYS);
    getChildren().addAll(scroll, actions);

    model.story().subscribe(this::redraw);
    ui.language().subscribe(_ -> draw(model.story().get()));
  }

  /** Puts the keyboard on the big button. */
  public void focusPrimary() {
    actions.focusPrimary();
  }

  private void buildFailure() {
    Label heading = new Label();
    heading.textProperty().bind(ui.message("failure.title"));
    heading.setGraphic(new FontIcon(MaterialDesignA.ALERT_CIRCLE_OUTLINE));
    heading.getStyleClass().add("card-title");
    failureText.setWrapText(true);
    failureText.getStyleClass().add("failure-text");
    failure.getStyleClass().addAll("card", "failure");
    failure.getChildren().addAll(heading, failureText);
  }

  private void redraw(LessonView before, LessonView now) {
    draw(now);
    if (before.step() != now.step() || before.hasRun() != now.hasRun()) {
      scroll.setVvalue(0);
    }
  }

  private void draw(LessonView view) {
    StepProse prose = view.prose(ui.language().get().code());
    boolean ran = view.hasRun();
    kicker.setText(
        ui.text("story.kicker", view.lesson().order(), view.step() + 1, view.stepCount()));
    title.setText(prose.title());

    boolean failed = !view.isPast() && view.state().failure().isPresent();
    failure.setVisible(failed);
    failureText.setText(VisibleText.of(view.state().failure().orElse(""), LONGEST_FAILURE));

    // What came of it is told when it has come: while the learner is to act, it has not.
    boolean over = view.isPast() || view.state().phase() == Phase.DONE;
    String told = over && !prose.after().isBlank() ? prose.after() : prose.before();
    body.getChildren().setAll(Markdown.blocks(told, view.state().values()));

    boolean asks = prose.question().isPresent() && view.lessonStep().prediction().isPresent();
    boolean answered = ran && view.verdict().isPresent();
    prediction.setVisible(asks && !answered);
    if (asks && !answered) {
      prediction.show(view, prose);
    }
    verdict.setVisible(asks && answered);
    if (asks) {
      view.verdict()
          .filter(_ -> answered)
          .ifPresent(v -> verdict.show(v, prose, view.state().values()));
    }
    boolean turns = ran && view.lessonStep().yourTurn().isPresent();
    turn.setVisible(turns);
    if (turns) {
      turn.show(view, prose);
    }
    drawFinish(view);
    code.show(view);
    actions.show(view, prose);
  }

  private void drawFinish(LessonView view) {
    boolean over = view.finished() && !view.isPast() && view.state().phase() == Phase.DONE;
    finish.setVisible(over);
    if (!over) {
      return;
    }
    Label heading =
        new Label(ui.text("finish.title"), new FontIcon(MaterialDesignT.TROPHY_OUTLINE));
    heading.getStyleClass().add("card-title");
    List<Node> lines = new ArrayList<>();
    lines.add(heading);
    long asked = view.lesson().steps().stream().filter(s -> s.prediction().isPresent()).count();
    Label score = new Label(ui.text("finish.score", view.rightPredictions(), asked));
    score.setWrapText(true);
    lines.add(score);
    finish.getChildren().setAll(lines);
  }
}
