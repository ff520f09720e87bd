package dev.terrarium.app.lesson;

import dev.terrarium.app.window.UiContext;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import org.kordamp.ikonli.javafx.FontIcon;
import org.kordamp.ikonli.materialdesign2.MaterialDesignH;

/** Tells the past from the present while a recorded moment is on screen. */
public final class PastBanner extends HBox {

  private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss");

  private final UiContext ui;
  private final Label words = new Label();
  private final Button replay = new Button();
  private final Button live = new Button();

  public PastBanner(UiContext ui, LessonViewModel model) {
    this.ui = ui;
    getStyleClass().add("past-banner");
    setAlignment(Pos.CENTER_LEFT);
    words.setGraphic(new FontIcon(MaterialDesignH.HISTORY));
    words.setMaxWidth(Double.MAX_VALUE);
    HBox.setHgrow(words, Priority.ALWAYS);
    action(replay, "past.replay");
    replay.setOnAction(_ -> model.replayFromHere());
    action(live, "past.live");
    live.setOnAction(_ -> model.live());
    getChildren().addAll(words, replay, live);
    managedProperty().bind(visibleProperty());
    model.story().subscribe(this::draw);
    ui.language().subscribe(_ -> draw(model.story().get()));
  }

  private void action(Button button, String key) {
    button.getStyleClass().setAll("link-button");
    button.textProperty().bind(ui.message(key));
    button.accessibleTextProperty().bind(ui.message(key));
    button.setMinWidth(Region.USE_PREF_SIZE);
    Tooltip tooltip = new Tooltip();
    tooltip.textProperty().bind(ui.message(key + ".tip"));
    button.setTooltip(tooltip);
  }

  private void draw(LessonView view) {
    setVisible(view.isPast());
    if (view.isPast()) {
      String at =
          view.moment(view.step())
              .map(moment -> CLOCK.format(moment.after().at().atZone(ZoneId.systemDefault())))
              .orElse("");
      words.setText(ui.text("past.words", view.step() + 1, at));
    }
  }
}
