package dev.terrarium.app.lesson;

import dev.terrarium.app.text.VisibleText;
import dev.terrarium.app.window.UiContext;
import dev.terrarium.lessons.format.StepProse;
import dev.terrarium.lessons.play.PlayerState.Verdict;
import java.util.Map;
import javafx.css.PseudoClass;
import javafx.scene.control.Label;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.javafx.FontIcon;
import org.kordamp.ikonli.materialdesign2.MaterialDesignC;

/** How a locked prediction came out: what was said, what the kernel answered. */
final class VerdictCard extends VBox {

  private static final PseudoClass RIGHT = PseudoClass.getPseudoClass("right");
  private static final int LONGEST_OBSERVED = 160;

  private final UiContext ui;
  private final FontIcon icon = new FontIcon(MaterialDesignC.CHECK_CIRCLE_OUTLINE);
  private final Label heading = wrapping("card-title");
  private final VBox question = new VBox();
  private final Label answer = wrapping("verdict-answer");
  private final Label correct = wrapping("verdict-answer");
  private final Label observed = wrapping("observed");

  VerdictCard(UiContext ui) {
    this.ui = ui;
    getStyleClass().addAll("card", "verdict");
    question.getStyleClass().add("verdict-question");
    heading.setGraphic(icon);
    correct.managedProperty().bind(correct.visibleProperty());
    getChildren().addAll(heading, question, answer, correct, observed);
  }

  void show(Verdict verdict, StepProse prose, Map<String, String> values) {
    pseudoClassStateChanged(RIGHT, verdict.right());
    icon.setIconCode(
        verdict.right()
            ? MaterialDesignC.CHECK_CIRCLE_OUTLINE
            : MaterialDesignC.CLOSE_CIRCLE_OUTLINE);
    heading.setText(ui.text(verdict.right() ? "verdict.right" : "verdict.wrong"));
    question.getChildren().setAll(Markdown.blocks(prose.question().orElse(""), values));
    answer.setText(ui.text("verdict.yours", option(prose, verdict.chosen(), values)));
    boolean tell = !verdict.right() && verdict.correct().isPresent();
    correct.setVisible(tell);
    if (tell) {
      int right = verdict.correct().orElseThrow();
      correct.setText(ui.text("verdict.correct", option(prose, right, values)));
    }
    observed.setText(
        ui.text("verdict.observed", VisibleText.of(verdict.observed(), LONGEST_OBSERVED)));
    setAccessibleText(
        String.join(
            " ", heading.getText(), answer.getText(), correct.getText(), observed.getText()));
  }

  private static String option(StepProse prose, int option, Map<String, String> values) {
    return option < prose.options().size()
        ? Markdown.plain(prose.options().get(option), values)
        : "";
  }

  private static Label wrapping(String style) {
    Label label = new Label();
    label.setWrapText(true);
    label.getStyleClass().add(style);
    return label;
  }
}
