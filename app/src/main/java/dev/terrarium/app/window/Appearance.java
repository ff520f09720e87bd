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
import java.util.List;
import java.util.Locale;
import javafx.application.Application;
import javafx.scene.Scene;
import javafx.scene.text.Font;
import javafx.scene.text.Text;

/** Dresses a scene: base theme, palette, components; and undresses it when the palette changes. */
public final class Appearance {

  /** JavaFX loads the font itself at whatever size is asked for later. */
  private static final double ANY_SIZE = 14;

  private Appearance() {}

  /**
   * Makes the fonts of the first frame known to JavaFX; to be called before anything is laid out.
   */
  public static void loadFirstFonts() {
    findChineseFont();
    load(Resources.firstFonts());
  }

  /** What the first frame can do without, and would be held up by: the other fonts and styles. */
  public static void complete(Scene scene) {
    load(Resources.laterFonts());
    scene.getStylesheets().addAll(Resources.laterStylesheets());
  }

  /**
   * Makes JavaFX look for the characters that the bundled fonts lack. It does so once, at the first
   * text, and prefers the fonts of the default locale. Han characters are drawn differently in
   * Japan and China; ours are Chinese, whatever the locale.
   */
  private static void findChineseFont() {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.SIMPLIFIED_CHINESE);
    try {
      new Text("\u4e2d").getLayoutBounds();
    } finally {
      Locale.setDefault(before);
    }
  }

  private static void load(List<String> fonts) {
    for (String font : fonts) {
      try (InputStream in = URI.create(font).toURL().openStream()) {
        if (Font.loadFont(in, ANY_SIZE) == null) {
          throw new IllegalStateException("JavaFX cannot read the bundled font " + font);
        }
      } catch (IOException e) {
        throw new UncheckedIOException("cannot read the bundled font " + font, e);
      }
    }
  }

  /**
   * Sets the theme below ours for all windows; to be called before the first control is made, or
   * JavaFX loads its own as well.
   */
  public static void setBase(Palette palette) {
    Theme base = palette == Palette.LIGHT ? new PrimerLight() : new PrimerDark();
    Application.setUserAgentStylesheet(base.getUserAgentStylesheetBSS());
  }

  /** Lets the scene follow the context's palette and language from now on. */
  public static void follow(Scene scene, UiContext ui) {
    scene.getStylesheets().add(ui.palette().get().stylesheet());
    scene.getStylesheets().addAll(Resources.firstStylesheets());
    ui.palette().subscribe(palette -> dress(scene, palette));
    ui.language().subscribe(language -> name(scene, language));
  }

  private static void dress(Scene scene, Palette palette) {
    setBase(palette);
    scene.getStylesheets().set(0, palette.stylesheet());
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
