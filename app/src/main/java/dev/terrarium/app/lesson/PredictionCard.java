package dev.terrarium.app.lesson;

import dev.terrarium.app.window.UiContext;
import dev.terrarium.lessons.format.StepProse;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import javafx.scene.control.Label;
import javafx.scene.control.RadioButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.javafx.FontIcon;
import org.kordamp.ikonli.materialdesign2.MaterialDesignL;

/** The question that is answered before the kernel answers it, open or locked. */
final class PredictionCard extends VBox {

  private final UiContext ui;
  private final IntConsumer onChoose;
  private final VBox question = new VBox();
  private final VBox options = new VBox();
  private final Label locked = new Label();
  private List<String> shownOptions = List.of();

  /** While the card draws, a selection is not the learner's. */
  private boolean drawing;

  PredictionCard(UiContext ui, IntConsumer onChoose) {
    this.ui = ui;
    this.onChoose = onChoose;
    getStyleClass().addAll("card", "prediction");
    options.getStyleClass().add("options");
    HBox.setHgrow(question, Priority.ALWAYS);
    locked.setGraphic(new FontIcon(MaterialDesignL.LOCK_OUTLINE));
    locked.setMinWidth(Region.USE_PREF_SIZE);
    locked.getStyleClass().add("locked-mark");
    locked.managedProperty().bind(locked.visibleProperty());
    getChildren().addAll(new HBox(8, question, locked), options);
  }

  void show(LessonView view, StepProse prose) {
    Map<String, String> values = view.state().values();
    String asked = prose.question().orElse("");
    String lead = ui.text("prediction.lead");
    question.getChildren().setAll(Markdown.blocks("**" + lead + "** " + asked, values));
    question.setAccessibleText(lead + " " + Markdown.plain(asked, values));

    List<String> texts = prose.options().stream().map(o -> Markdown.plain(o, values)).toList();
    if (!texts.equals(shownOptions)) {
      rebuild(texts);
    }
    drawing = true;
    for (int i = 0; i < options.getChildren().size(); i++) {
      if (options.getChildren().get(i) instanceof RadioButton option) {
        option.setSelected(i == view.choice());
        option.setDisable(!view.canChoose());
      }
    }
    drawing = false;
    locked.setText(ui.text("prediction.locked"));
    locked.setVisible(!view.canChoose());
  }

  private void rebuild(List<String> texts) {
    shownOptions = texts;
    options.getChildren().clear();
    ToggleGroup group = new ToggleGroup();
    for (int i = 0; i < texts.size(); i++) {
      int number = i;
      RadioButton option = new RadioButton(texts.get(i));
      option.setToggleGroup(group);
      option.setWrapText(true);
      option.setMaxWidth(Double.MAX_VALUE);
      option.getStyleClass().add("option");
      option.setAccessibleText(ui.text("prediction.option", i + 1, texts.get(i)));
      // The arrow keys select without an action event, so the selection itself is listened to.
      option
          .selectedProperty()
          .subscribe(selected -> {
            if (selected && !drawing) {
              onChoose.accept(number);
            }
          });
      options.getChildren().add(option);
    }
  }
}
