package dev.terrarium.assets;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;

/** Where the files of this module are found. */
public final class Resources {

  private Resources() {}

  /** One stylesheet per component, in the order in which they apply. */
  public static List<String> componentStylesheets() {
    List<String> all = new ArrayList<>(firstStylesheets());
    all.addAll(laterStylesheets());
    return all;
  }

  /** Those that the window's first frame needs. */
  public static List<String> firstStylesheets() {
    return List.of(url("styles/tokens.css"), url("styles/window.css"));
  }

  /** The others. */
  public static List<String> laterStylesheets() {
    return List.of(
        url("styles/lesson.css"),
        url("styles/panes.css"),
        url("styles/files.css"),
        url("styles/limits.css"),
        url("styles/dock.css"),
        url("styles/images.css"));
  }

  /** The bundled fonts' files: Inter for text, JetBrains Mono for what a machine says. */
  public static List<String> fonts() {
    List<String> all = new ArrayList<>(firstFonts());
    all.addAll(laterFonts());
    return all;
  }

  /** Those that the window's first frame is set in. */
  public static List<String> firstFonts() {
    return List.of(
        url("fonts/Inter-Regular.otf"),
        url("fonts/Inter-SemiBold.otf"),
        url("fonts/Inter-Bold.otf"));
  }

  /** The others. */
  public static List<String> laterFonts() {
    return List.of(
        url("fonts/Inter-Medium.otf"),
        url("fonts/JetBrainsMono-Regular.ttf"),
        url("fonts/JetBrainsMono-Medium.ttf"),
        url("fonts/JetBrainsMono-Bold.ttf"));
  }

  static InputStream open(String path) {
    try {
      return require(path).openStream();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the bundled file " + path, e);
    }
  }

  static String url(String path) {
    return require(path).toExternalForm();
  }

  private static URL require(String path) {
    URL url = Resources.class.getClassLoader().getResource(path);
    if (url == null) {
      throw new IllegalStateException("the bundled file " + path + " is missing");
    }
    return url;
  }
}
