package dev.terrarium.app.lesson;

import dev.terrarium.app.text.VisibleText;
import dev.terrarium.app.window.UiContext;
import dev.terrarium.lessons.format.StepProse;
import dev.terrarium.lessons.play.PlayerState.Phase;
import java.util.Map;
import javafx.css.PseudoClass;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.javafx.FontIcon;
import org.kordamp.ikonli.materialdesign2.MaterialDesignC;
import org.kordamp.ikonli.materialdesign2.MaterialDesignL;

/** What the learner is to do by hand, and whether the kernel already sees it done. */
final class TurnCard extends VBox {

  private static final PseudoClass MET = PseudoClass.getPseudoClass("met");

  private final UiContext ui;
  private final Label heading = new Label();
  private final VBox task = new VBox(6);
  private final FontIcon icon = new FontIcon(MaterialDesignC.CIRCLE_OUTLINE);
  private final Label condition = new Label();
  private final VBox hints = new VBox(6);

  TurnCard(UiContext ui) {
    this.ui = ui;
    getStyleClass().addAll("card", "turn");
    heading.getStyleClass().add("card-title");
    condition.setWrapText(true);
    condition.setGraphic(icon);
    condition.getStyleClass().add("condition");
    hints.getStyleClass().add("hints");
    hints.managedProperty().bind(hints.visibleProperty());
    getChildren().addAll(heading, task, condition, hints);
  }

  void show(LessonView view, StepProse prose) {
    Map<String, String> values = view.state().values();
    boolean met = view.isPast() || view.state().phase() == Phase.DONE;
    pseudoClassStateChanged(MET, met);
    heading.setText(ui.text(met ? "turn.done" : "turn.title"));
    task.getChildren().setAll(Markdown.blocks(prose.yourTurn().orElse(""), values));
    icon.setIconCode(met ? MaterialDesignC.CHECK_CIRCLE_OUTLINE : MaterialDesignC.CIRCLE_OUTLINE);
    condition.setText(
        met
            ? ui.text("turn.met")
            : view.state()
                .reason()
                .map(reason -> ui.text("turn.waiting", VisibleText.of(reason, 200)))
                .orElseGet(() -> ui.text("turn.listening")));
    showHints(view, prose, values, met);
    setAccessibleText(
        String.join(
            " ",
            heading.getText(),
            Markdown.plain(prose.yourTurn().orElse(""), values),
            condition.getText()));
  }

  private void showHints(
      LessonView view, StepProse prose, Map<String, String> values, boolean met) {
    hints.getChildren().clear();
    int open = met ? 0 : Math.min(view.hints(), prose.hints().size());
    for (String hint : prose.hints().subList(0, open)) {
      FontIcon bulb = new FontIcon(MaterialDesignL.LIGHTBULB_ON_OUTLINE);
      VBox body = new VBox(Markdown.blocks(hint, values).toArray(Node[]::new));
      HBox.setHgrow(body, Priority.ALWAYS);
      HBox row = new HBox(8, bulb, body);
      row.getStyleClass().add("hint");
      hints.getChildren().add(row);
    }
    hints.setVisible(open > 0);
  }
}
