package dev.terrarium.app.window;

import dev.terrarium.assets.Language;
import dev.terrarium.assets.Palette;
import java.util.Optional;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.value.ObservableValue;
import javafx.css.PseudoClass;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.MenuButton;
import javafx.scene.control.RadioMenuItem;
import javafx.scene.control.ToggleGroup;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import org.kordamp.ikonli.javafx.FontIcon;
import org.kordamp.ikonli.materialdesign2.MaterialDesignT;
import org.kordamp.ikonli.materialdesign2.MaterialDesignW;

/**
 * The top of the window: who we are, where we are, what the engine may do, language and colours.
 */
public final class Header extends HBox {

  private static final PseudoClass READY = PseudoClass.getPseudoClass("ready");
  private static final PseudoClass FAILED = PseudoClass.getPseudoClass("failed");

  private final UiContext ui;
  private final ObjectProperty<Optional<EngineRung>> rung =
      new SimpleObjectProperty<>(Optional.empty());
  private final Label engine = new Label();
  private final Tooltip engineTip = new Tooltip();
  private boolean failed;

  public Header(UiContext ui) {
    this.ui = ui;
    getStyleClass().add("header");
    setAlignment(Pos.CENTER_LEFT);
    Region space = new Region();
    HBox.setHgrow(space, Priority.ALWAYS);
    getChildren().addAll(brand(), place(), space);
  }

  /**
   * Adds the engine's pill and the switches. Their icons and menus take as long to load as all else
   * in the first frame together, so they come right after it.
   */
  public void furnish() {
    getChildren().addAll(enginePill(), languages(), palette());
    ui.language().subscribe(_ -> drawRung());
    rung.subscribe(_ -> drawRung());
  }

  /** Shows what the engine may do, once that is known. */
  public void showRung(EngineRung known) {
    rung.set(Optional.of(known));
  }

  /** Shows that there is no engine. */
  public void showNoEngine() {
    failed = true;
    drawRung();
  }

  private HBox brand() {
    Region core = new Region();
    core.getStyleClass().add("logo-core");
    StackPane logo = new StackPane(core);
    logo.getStyleClass().add("logo");
    Label name = new Label("Terrarium");
    name.getStyleClass().add("brand");
    HBox brand = new HBox(8, logo, name);
    brand.setAlignment(Pos.CENTER_LEFT);
    return brand;
  }

  private Label place() {
    Label place = new Label();
    place.textProperty().bind(ui.message("header.lessons"));
    place.getStyleClass().add("place");
    return place;
  }

  private Label enginePill() {
    Region dot = new Region();
    dot.getStyleClass().add("engine-dot");
    engine.setGraphic(dot);
    engine.getStyleClass().addAll("pill", "engine-pill");
    engine.setTooltip(engineTip);
    return engine;
  }

  private void drawRung() {
    Optional<EngineRung> known = rung.get();
    engine.pseudoClassStateChanged(READY, known.isPresent());
    engine.pseudoClassStateChanged(FAILED, failed);
    engine.setText(
        known
            .map(r ->
                ui.text(
                    "engine.pill",
                    ui.text(r.privileged() ? "engine.root" : "engine.rootless"),
                    r.cgroup().label(),
                    ui.text(r.overlay() ? "engine.overlay" : "engine.no-overlay")))
            .orElseGet(() -> ui.text(failed ? "engine.failed" : "engine.opening")));
    engineTip.setText(
        known
            .map(r -> ui.text(r.privileged() ? "engine.root.tip" : "engine.rootless.tip"))
            .orElse(engine.getText()));
    engine.setAccessibleText(engine.getText());
  }

  private MenuButton languages() {
    MenuButton button = new MenuButton();
    button.getStyleClass().addAll("pill", "language");
    button.textProperty().bind(ui.language().map(Language::endonym));
    ToggleGroup group = new ToggleGroup();
    for (Language language : Language.values()) {
      RadioMenuItem item = new RadioMenuItem(language.endonym());
      item.setToggleGroup(group);
      item.setOnAction(_ -> ui.language().set(language));
      ui.language().subscribe(now -> item.setSelected(now == language));
      button.getItems().add(item);
    }
    describe(button, ui.message("header.language"));
    return button;
  }

  private Button palette() {
    FontIcon icon = new FontIcon(MaterialDesignT.THEME_LIGHT_DARK);
    Button button = new Button(null, icon);
    button.getStyleClass().setAll("pill", "palette-toggle");
    ui.palette()
        .subscribe(now ->
            icon.setIconCode(
                now == Palette.LIGHT
                    ? MaterialDesignW.WEATHER_NIGHT
                    : MaterialDesignW.WEATHER_SUNNY));
    button.setOnAction(_ -> ui.palette().set(ui.palette().get().other()));
    describe(button, ui.message("header.palette"));
    return button;
  }

  private static void describe(
      javafx.scene.control.Control control, ObservableValue<String> words) {
    Tooltip tooltip = new Tooltip();
    tooltip.textProperty().bind(words);
    control.setTooltip(tooltip);
    control.accessibleTextProperty().bind(words);
  }
}
