package dev.terrarium.app.window;

import dev.terrarium.assets.Language;
import dev.terrarium.assets.Palette;
import java.util.Optional;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.value.ObservableValue;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.MenuButton;
import javafx.scene.control.RadioMenuItem;
import javafx.scene.control.ToggleButton;
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

  private final UiContext ui;
  private final EnginePill.Actions actions;
  private final ObjectProperty<Place> place = new SimpleObjectProperty<>(Place.LESSONS);
  private Optional<EnginePill> engine = Optional.empty();
  private EngineState state = new EngineState.Opening();

  public Header(UiContext ui, EnginePill.Actions actions) {
    this.ui = ui;
    this.actions = actions;
    getStyleClass().add("header");
    setAlignment(Pos.CENTER_LEFT);
    Region space = new Region();
    HBox.setHgrow(space, Priority.ALWAYS);
    getChildren().addAll(brand(), places(), space);
  }

  /**
   * Adds the engine's pill and the switches. Their icons and menus take as long to load as all else
   * in the first frame together, so they come right after it.
   */
  public void furnish() {
    EnginePill pill = new EnginePill(ui, actions);
    pill.show(state);
    engine = Optional.of(pill);
    getChildren().addAll(pill, languages(), palette());
  }

  /** Shows what has become of the engine. */
  public void showEngine(EngineState now) {
    state = now;
    engine.ifPresent(pill -> pill.show(now));
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

  /** Where one is, and where one can go. */
  private HBox places() {
    HBox places = new HBox();
    places.getStyleClass().add("places");
    places.setAlignment(Pos.CENTER);
    for (Place each : Place.values()) {
      ToggleButton button = new ToggleButton();
      button.textProperty().bind(ui.message(each.key()));
      button.accessibleTextProperty().bind(ui.message(each.key()));
      button.getStyleClass().setAll("place");
      button.setMinWidth(Region.USE_PREF_SIZE);
      button.setOnAction(_ -> {
        button.setSelected(true);
        place.set(each);
      });
      place.subscribe(now -> button.setSelected(now == each));
      places.getChildren().add(button);
    }
    return places;
  }

  /** The screen that is chosen. */
  public ObjectProperty<Place> place() {
    return place;
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
