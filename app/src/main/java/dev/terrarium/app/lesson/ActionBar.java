package dev.terrarium.app.lesson;

import dev.terrarium.app.lesson.LessonView.Primary;
import dev.terrarium.app.window.UiContext;
import dev.terrarium.lessons.format.StepProse;
import dev.terrarium.lessons.play.PlayerState.Phase;
import java.util.Locale;
import javafx.css.PseudoClass;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressIndicator;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.javafx.FontIcon;
import org.kordamp.ikonli.materialdesign2.MaterialDesignC;
import org.kordamp.ikonli.materialdesign2.MaterialDesignL;
import org.kordamp.ikonli.materialdesign2.MaterialDesignP;

/** The buttons of the story: on, back, a hint. */
final class ActionBar extends VBox {

  private static final PseudoClass IDLE = PseudoClass.getPseudoClass("idle");

  private final UiContext ui;
  private final Button primary = new Button();
  private final Button back = new Button();
  private final Button hint = new Button();
  private final ProgressIndicator busy = new ProgressIndicator();
  private final FontIcon arrow = new FontIcon(MaterialDesignP.PLAY);
  private final Label note = new Label();
  private int hintsAvailable;

  ActionBar(UiContext ui, LessonViewModel model) {
    this.ui = ui;
    getStyleClass().add("action-bar");
    primary.getStyleClass().add("primary");
    primary.setOnAction(_ -> model.advance());
    busy.getStyleClass().add("busy");
    back.setGraphic(new FontIcon(MaterialDesignC.CHEVRON_LEFT));
    back.setOnAction(_ -> model.back());
    hint.setGraphic(new FontIcon(MaterialDesignL.LIGHTBULB_ON_OUTLINE));
    hint.setOnAction(_ -> model.revealHint(hintsAvailable));
    hint.managedProperty().bind(hint.visibleProperty());
    for (Button button : new Button[] {primary, back, hint}) {
      button.setMnemonicParsing(true);
      button.setMinWidth(Region.USE_PREF_SIZE);
      button.setTooltip(new Tooltip());
    }
    note.setWrapText(true);
    note.getStyleClass().add("note");
    note.managedProperty().bind(note.visibleProperty());
    getChildren().addAll(new HBox(8, primary, back, hint), note);
  }

  void show(LessonView view, StepProse prose) {
    Primary act = view.primary();
    String key = act.name().toLowerCase(Locale.ROOT).replace('_', '-');
    boolean working = act == Primary.RUNNING || act == Primary.REBUILDING;
    label(primary, ui.text("primary." + key), ui.text("primary." + key + ".tip"));
    // Not disabled: it would lose the keyboard to its neighbour, and Enter would then mean Back.
    primary.pseudoClassStateChanged(IDLE, !view.canPressPrimary());
    primary.setGraphic(working ? busy : arrow);
    primary.setContentDisplay(
        working
            ? javafx.scene.control.ContentDisplay.LEFT
            : javafx.scene.control.ContentDisplay.RIGHT);
    arrow.setIconCode(
        switch (act) {
          case BACK_TO_LIVE -> MaterialDesignP.PLAY_CIRCLE_OUTLINE;
          case FINISH -> MaterialDesignC.CHECK;
          case WAITING -> MaterialDesignC.CLOCK_OUTLINE;
          case AGAIN, RETRY -> MaterialDesignC.CACHED;
          case LOCK_AND_RUN, RUN, RUNNING, NEXT, REBUILDING -> MaterialDesignP.PLAY;
        });

    label(back, ui.text("back"), ui.text("back.tip"));
    if (back.isFocused() && !view.canGoBack()) {
      primary.requestFocus();
    }
    back.setDisable(!view.canGoBack());

    hintsAvailable = prose.hints().size();
    boolean offered = !view.isPast() && view.state().phase() == Phase.YOUR_TURN;
    hint.setVisible(offered && view.hints() < hintsAvailable);
    label(hint, ui.text("hint"), ui.text("hint.tip", view.hints() + 1, hintsAvailable));

    String says = noteKey(view);
    note.setText(says.isEmpty() ? "" : ui.text(says));
    note.setVisible(!says.isEmpty());
  }

  /** Where the keyboard goes when a learner enters the story. */
  void focusPrimary() {
    primary.requestFocus();
  }

  private static String noteKey(LessonView view) {
    return switch (view.primary()) {
      case LOCK_AND_RUN -> view.canPressPrimary() ? "note.scored" : "note.choose";
      case WAITING -> "note.watching";
      case REBUILDING -> "note.rebuilding";
      case BACK_TO_LIVE -> "note.past";
      case RUN, RUNNING, NEXT, FINISH, AGAIN, RETRY -> "";
    };
  }

  private static void label(Button button, String text, String tip) {
    button.setText(text);
    button.setAccessibleText(text.replace("_", ""));
    button.getTooltip().setText(tip);
  }
}
