package dev.terrarium.app.window;

import java.util.List;

/**
 * Why host and container differ. Backquotes mark what a machine says.
 *
 * @param sentences one for each difference, the one to tell first at the front
 * @param otherwise what is said if there is none
 */
public record Explanation(List<String> sentences, String otherwise) {
  public Explanation {
    sentences = List.copyOf(sentences);
  }

  /** Without the marks. */
  public static String plain(String sentence) {
    return sentence.replace("`", "");
  }
}
