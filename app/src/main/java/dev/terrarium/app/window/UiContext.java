package dev.terrarium.app.window;

import dev.terrarium.assets.Language;
import dev.terrarium.assets.Messages;
import dev.terrarium.assets.Palette;
import java.util.EnumMap;
import java.util.Map;
import javafx.beans.binding.Bindings;
import javafx.beans.binding.StringBinding;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleObjectProperty;

/**
 * What every part of the window is given: the language, the palette, and whether to hold still. All
 * of it may change at run time, on the JavaFX thread.
 */
public final class UiContext {

  private final ObjectProperty<Language> language = new SimpleObjectProperty<>(Language.ENGLISH);
  private final ObjectProperty<Palette> palette = new SimpleObjectProperty<>(Palette.LIGHT);
  private final BooleanProperty reducedMotion = new SimpleBooleanProperty();
  private final Map<Language, Messages> messages = new EnumMap<>(Language.class);

  public UiContext() {}

  public UiContext(Language language, Palette palette) {
    this.language.set(language);
    this.palette.set(palette);
  }

  /** The language on screen. */
  public ObjectProperty<Language> language() {
    return language;
  }

  /** The colours on screen; for what is drawn by hand and does not follow the stylesheets. */
  public ObjectProperty<Palette> palette() {
    return palette;
  }

  /** Whether transitions are to be left out. */
  public BooleanProperty reducedMotion() {
    return reducedMotion;
  }

  /** A text in the language of now; for what is redrawn as a whole when the language changes. */
  public String text(String key, Object... arguments) {
    return messages.computeIfAbsent(language.get(), Messages::new).text(key, arguments);
  }

  /** A text that follows the language; for what stays on screen. */
  public StringBinding message(String key, Object... arguments) {
    return Bindings.createStringBinding(() -> text(key, arguments), language);
  }
}
