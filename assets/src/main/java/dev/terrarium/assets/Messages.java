package dev.terrarium.assets;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Properties;
import java.util.Set;

/**
 * The words of the workbench in one language. One file per part of the window and language, {@code
 * messages/PART_LANGUAGE.properties}, in UTF-8; {@code {0}}, {@code {1}} stand for arguments.
 */
public final class Messages {

  /** The parts of the program that bring their own words. */
  public static final List<String> PARTS =
      List.of("window", "lesson", "panes", "files", "limits", "dock", "terminal", "images");

  private final Language language;
  private final Properties texts = new Properties();

  public Messages(Language language) {
    this.language = language;
    for (String part : PARTS) {
      load(part);
    }
  }

  public Language language() {
    return language;
  }

  /**
   * The text of a key, its arguments filled in as they print themselves (no digit grouping: pids
   * and inode numbers are names).
   *
   * @throws IllegalArgumentException if no file has the key; a slip of the programmer's
   */
  public String text(String key, Object... arguments) {
    String text = texts.getProperty(key);
    if (text == null) {
      throw new IllegalArgumentException("no text for " + key + " in " + language.code());
    }
    for (int i = 0; i < arguments.length; i++) {
      text = text.replace("{" + i + "}", String.valueOf(arguments[i]));
    }
    return text;
  }

  /** Every key of this language. */
  public Set<String> keys() {
    return texts.stringPropertyNames();
  }

  private void load(String part) {
    String path = "messages/" + part + "_" + language.code() + ".properties";
    try (Reader reader = new InputStreamReader(Resources.open(path), StandardCharsets.UTF_8)) {
      texts.load(reader);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the bundled file " + path, e);
    }
  }
}
