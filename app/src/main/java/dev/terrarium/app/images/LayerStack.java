package dev.terrarium.app.images;

import dev.terrarium.app.window.UiContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.javafx.FontIcon;
import org.kordamp.ikonli.materialdesign2.MaterialDesignP;

/** The layers of an image, the topmost first, as they lie on each other. */
final class LayerStack extends VBox {

  private final UiContext ui;
  private final ImagesViewModel model;
  private final Label title = new Label();
  private final Label sums = new Label();
  private final VBox cards = new VBox();
  private final Button trial = new Button();
  private int shownLayers;
  private final List<LayerCard> shown = new ArrayList<>();
  private Optional<ImagesState> drawn = Optional.empty();

  LayerStack(UiContext ui, ImagesViewModel model) {
    this.ui = ui;
    this.model = model;
    getStyleClass().add("layer-stack");
    title.getStyleClass().add("stack-title");
    sums.getStyleClass().add("image-note");
    sums.setWrapText(true);
    cards.getStyleClass().add("layer-cards");
    ScrollPane scroll = new ScrollPane(cards);
    scroll.setFitToWidth(true);
    VBox.setVgrow(scroll, Priority.ALWAYS);
    trial.getStyleClass().add("import-button");
    trial.setGraphic(new FontIcon(MaterialDesignP.PLAY));
    trial.setMaxWidth(Double.MAX_VALUE);
    trial.setOnAction(_ -> model.tryOut(shownLayers));
    HBox foot = new HBox(trial);
    HBox.setHgrow(trial, Priority.ALWAYS);
    foot.getStyleClass().add("stack-foot");
    getChildren().addAll(title, sums, scroll, foot);
    addEventHandler(KeyEvent.KEY_PRESSED, this::move);
    model.state().subscribe(this::draw);
    ui.language().subscribe(_ -> drawn.ifPresent(this::redraw));
  }

  private void draw(ImagesState state) {
    boolean same =
        drawn
            .filter(before -> before.selected().equals(state.selected()))
            .filter(before -> before.analysis().equals(state.analysis()))
            .isPresent();
    if (!same) {
      redraw(state);
    }
    drawn = Optional.of(state);
    showSelection(state);
  }

  private void showSelection(ImagesState state) {
    state
        .scene()
        .ifPresent(scene -> {
          shownLayers = scene.layer() + 1;
          shown.forEach(card -> card.select(scene.layer()));
        });
    trial.setDisable(state.scene().isEmpty() || !model.canTry());
    trial.setText(
        ui.text(shownLayers == shown.size() ? "images.try" : "images.try.some", shownLayers));
    trial.setAccessibleText(trial.getText());
  }

  private void redraw(ImagesState state) {
    title.setText(state.selected().map(image -> image.reference()).orElse(""));
    sums.setText(
        state
            .analysis()
            .map(analysis -> Sums.of(analysis, ui))
            .orElseGet(
                () -> ui.text(state.selected().isPresent() ? "images.looking" : "images.none")));
    shown.clear();
    state
        .selected()
        .ifPresent(image -> {
          for (int layer = image.layers().size() - 1; layer >= 0; layer--) {
            int upTo = layer + 1;
            LayerCard card =
                new LayerCard(
                    ui,
                    image.layers().get(layer),
                    layer,
                    state.analysis(),
                    () -> model.showUpTo(upTo));
            shown.add(card);
          }
        });
    cards.getChildren().setAll(shown);
    showSelection(state);
  }

  private void move(KeyEvent key) {
    int focused = shown.indexOf(getScene().getFocusOwner());
    int wanted =
        switch (key.getCode()) {
          case KeyCode.UP -> focused - 1;
          case KeyCode.DOWN -> focused + 1;
          default -> -1;
        };
    if (focused >= 0 && wanted >= 0 && wanted < shown.size()) {
      shown.get(wanted).requestFocus();
      shown.get(wanted).fire();
      key.consume();
    }
  }
}
