package dev.terrarium.app.window;

import atlantafx.base.theme.PrimerDark;
import atlantafx.base.theme.PrimerLight;
import atlantafx.base.theme.Theme;
import dev.terrarium.assets.Language;
import dev.terrarium.assets.Palette;
import dev.terrarium.assets.Resources;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javafx.scene.Scene;
import javafx.scene.text.Font;
import javafx.scene.text.Text;

/** Dresses a scene: base theme, palette, components; and undresses it when the palette changes. */
public final class Appearance {

  /** JavaFX loads the font itself at whatever size is asked for later. */
  private static final double ANY_SIZE = 14;

  private Appearance() {}

  /**
   * Makes the bundled fonts known to JavaFX; to be called before anything is laid out.
   *
   * <p>Characters that they lack come from the system's fonts, which JavaFX looks up once,
   * preferring those of the default locale. Han characters are drawn differently in Japan and
   * China; ours are Chinese, whatever the locale.
   */
  public static void loadFonts() {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.SIMPLIFIED_CHINESE);
    try {
      loadBundled();
      new Text("\u4e2d").getLayoutBounds();
    } finally {
      Locale.setDefault(before);
    }
  }

  private static void loadBundled() {
    for (String font : Resources.fonts()) {
      try (InputStream in = URI.create(font).toURL().openStream()) {
        if (Font.loadFont(in, ANY_SIZE) == null) {
          throw new IllegalStateException("JavaFX cannot read the bundled font " + font);
        }
      } catch (IOException e) {
        throw new UncheckedIOException("cannot read the bundled font " + font, e);
      }
    }
  }

  /** Lets the scene follow the context's palette and language from now on. */
  public static void follow(Scene scene, UiContext ui) {
    ui.palette().subscribe(palette -> dress(scene, palette));
    ui.language().subscribe(language -> name(scene, language));
  }

  private static void dress(Scene scene, Palette palette) {
    Theme base = palette == Palette.LIGHT ? new PrimerLight() : new PrimerDark();
    scene.setUserAgentStylesheet(base.getUserAgentStylesheetBSS());
    List<String> sheets = new ArrayList<>();
    sheets.add(palette.stylesheet());
    sheets.addAll(Resources.componentStylesheets());
    scene.getStylesheets().setAll(sheets);
  }

  /** Chinese needs another line height and no letter spacing: the stylesheets ask for the class. */
  private static void name(Scene scene, Language language) {
    List<String> classes = scene.getRoot().getStyleClass();
    for (Language each : Language.values()) {
      classes.remove("lang-" + each.code());
    }
    classes.add("lang-" + language.code());
  }
}
