package dev.terrarium.app.window;

import java.util.Optional;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import org.kordamp.ikonli.javafx.FontIcon;
import org.kordamp.ikonli.materialdesign2.MaterialDesignA;
import org.kordamp.ikonli.materialdesign2.MaterialDesignC;

/** One line under the header that says what has gone wrong with the window as a whole. */
public final class Notice extends HBox {

  /**
   * What it says.
   *
   * @param key of the text
   * @param reason the text's argument, not translated
   * @param offer what can be done about it, if anything
   */
  public record Content(String key, String reason, Optional<Offer> offer) {}

  /** A button. */
  public record Offer(String key, Runnable action) {}

  private final UiContext ui;
  private final Label words = new Label();
  private final Button offer = new Button();
  private Optional<Content> shown = Optional.empty();

  public Notice(UiContext ui) {
    this.ui = ui;
    getStyleClass().add("notice");
    setAlignment(Pos.CENTER_LEFT);
    words.setMaxWidth(Double.MAX_VALUE);
    words.setTooltip(new Tooltip());
    HBox.setHgrow(words, Priority.ALWAYS);
    offer.getStyleClass().setAll("link-button");
    offer.setMinWidth(Region.USE_PREF_SIZE);
    offer.managedProperty().bind(offer.visibleProperty());
    managedProperty().bind(visibleProperty());
    setVisible(false);
    ui.language().subscribe(_ -> draw());
  }

  /** From the moment in which there is something to say; icons take a while to load. */
  public void say(Content content) {
    if (getChildren().isEmpty()) {
      words.setGraphic(new FontIcon(MaterialDesignA.ALERT_CIRCLE_OUTLINE));
      Button close = new Button(null, new FontIcon(MaterialDesignC.CLOSE));
      close.getStyleClass().setAll("link-button");
      close.accessibleTextProperty().bind(ui.message("notice.close"));
      close.setOnAction(_ -> clear());
      getChildren().addAll(words, offer, close);
    }
    shown = Optional.of(content);
    draw();
  }

  public void clear() {
    shown = Optional.empty();
    draw();
  }

  private void draw() {
    setVisible(shown.isPresent());
    shown.ifPresent(content -> {
      words.setText(ui.text(content.key(), content.reason()));
      words.getTooltip().setText(words.getText());
      offer.setVisible(content.offer().isPresent());
      content
          .offer()
          .ifPresent(what -> {
            offer.setText(ui.text(what.key()));
            offer.setAccessibleText(offer.getText());
            offer.setOnAction(_ -> what.action().run());
          });
    });
  }
}
