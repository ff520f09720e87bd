package dev.terrarium.app.window;

import dev.terrarium.app.text.VisibleText;
import java.util.ArrayList;
import java.util.List;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.css.PseudoClass;
import javafx.scene.control.CustomMenuItem;
import javafx.scene.control.Label;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.SeparatorMenuItem;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.Region;

/** What the engine may do here, and, behind it, what can be done about that. */
public final class EnginePill extends MenuButton {

  private static final PseudoClass READY = PseudoClass.getPseudoClass("ready");
  private static final PseudoClass FAILED = PseudoClass.getPseudoClass("failed");

  private static final int LONGEST_REASON = 400;

  /** What a learner may ask of the engine as a whole. */
  public interface Actions {
    /** Asks for root's rights, and opens an engine that has them. */
    void elevate();

    /** Closes that engine and goes on with one of this process. */
    void giveBack();

    /** Opens the same kind of engine again. */
    void restart();
  }

  private final UiContext ui;
  private final Actions actions;
  private final ObjectProperty<EngineState> state =
      new SimpleObjectProperty<>(new EngineState.Opening());

  public EnginePill(UiContext ui, Actions actions) {
    this.ui = ui;
    this.actions = actions;
    Region dot = new Region();
    dot.getStyleClass().add("engine-dot");
    setGraphic(dot);
    getStyleClass().addAll("pill", "engine-pill");
    setTooltip(new Tooltip());
    ui.language().subscribe(_ -> draw());
    state.subscribe(_ -> draw());
  }

  public void show(EngineState now) {
    state.set(now);
  }

  private void draw() {
    EngineState now = state.get();
    pseudoClassStateChanged(READY, now instanceof EngineState.Open);
    pseudoClassStateChanged(
        FAILED, now instanceof EngineState.Failed || now instanceof EngineState.Lost);
    setText(title(now));
    setAccessibleText(getText());
    getTooltip().setText(explanation(now));
    List<MenuItem> items = new ArrayList<>();
    items.add(words(explanation(now)));
    List<MenuItem> offers = offers(now);
    if (!offers.isEmpty()) {
      items.add(new SeparatorMenuItem());
      items.addAll(offers);
    }
    getItems().setAll(items);
  }

  private String title(EngineState now) {
    return switch (now) {
      case EngineState.Opening _ -> ui.text("engine.opening");
      case EngineState.Asking _ -> ui.text("engine.asking");
      case EngineState.Failed _ -> ui.text("engine.failed");
      case EngineState.Lost _ -> ui.text("engine.lost");
      case EngineState.Open(EngineRung rung, boolean borrowed, boolean _) ->
          ui.text(
              "engine.pill",
              ui.text(
                  rung.privileged()
                      ? borrowed ? "engine.borrowed" : "engine.root"
                      : "engine.rootless"),
              rung.cgroup().label(),
              ui.text(rung.overlay() ? "engine.overlay" : "engine.no-overlay"));
    };
  }

  private String explanation(EngineState now) {
    return switch (now) {
      case EngineState.Opening _ -> ui.text("engine.opening");
      case EngineState.Asking _ -> ui.text("engine.asking.tip");
      case EngineState.Failed(String why) ->
          ui.text("engine.failed.tip", VisibleText.of(why, LONGEST_REASON));
      case EngineState.Lost(String why) ->
          ui.text("engine.lost.tip", VisibleText.of(why, LONGEST_REASON));
      case EngineState.Open(EngineRung rung, boolean borrowed, boolean liftable) ->
          ui.text(
              rung.privileged()
                  ? borrowed ? "engine.borrowed.tip" : "engine.root.tip"
                  : liftable ? "engine.rootless.tip" : "engine.rootless.alone.tip");
    };
  }

  private List<MenuItem> offers(EngineState now) {
    return switch (now) {
      case EngineState.Opening _, EngineState.Asking _ -> List.of();
      case EngineState.Failed _, EngineState.Lost _ ->
          List.of(offer("engine.restart", actions::restart));
      case EngineState.Open(EngineRung rung, boolean borrowed, boolean liftable) ->
          borrowed
              ? List.of(offer("engine.give-back", actions::giveBack))
              : liftable && !rung.privileged()
                  ? List.of(offer("engine.elevate", actions::elevate))
                  : List.of();
    };
  }

  private static CustomMenuItem words(String text) {
    Label label = new Label(text);
    label.setWrapText(true);
    label.getStyleClass().add("engine-words");
    CustomMenuItem item = new CustomMenuItem(label, false);
    item.getStyleClass().add("engine-words-item");
    return item;
  }

  private MenuItem offer(String key, Runnable action) {
    MenuItem item = new MenuItem(ui.text(key));
    item.setOnAction(_ -> action.run());
    return item;
  }
}
