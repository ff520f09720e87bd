package dev.terrarium.assets;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.List;

/** Where the files of this module are found. */
public final class Resources {

  private Resources() {}

  /** One stylesheet per component, in the order in which they apply. */
  public static List<String> componentStylesheets() {
    return List.of(
        url("styles/tokens.css"),
        url("styles/window.css"),
        url("styles/lesson.css"),
        url("styles/panes.css"),
        url("styles/dock.css"));
  }

  /** The bundled fonts' files: Inter for text, JetBrains Mono for what a machine says. */
  public static List<String> fonts() {
    return List.of(
        url("fonts/Inter-Regular.otf"),
        url("fonts/Inter-Medium.otf"),
        url("fonts/Inter-SemiBold.otf"),
        url("fonts/Inter-Bold.otf"),
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
