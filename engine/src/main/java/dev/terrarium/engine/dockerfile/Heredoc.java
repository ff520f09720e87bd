package dev.terrarium.engine.dockerfile;

/**
 * Text that stands in the lines below an instruction. Source: Dockerfile reference,
 * "Here-Documents".
 *
 * @param name the word that ends it; of COPY also the name of the file
 * @param text the lines between, each with its end
 * @param expands whether variables in it are replaced: its name is written without quotes
 * @param chomps whether tabs at the beginning of its lines are no part of it: {@code <<-}
 */
public record Heredoc(String name, String text, boolean expands, boolean chomps, Position at) {

  /** The text without what {@code <<-} takes away. */
  public String content() {
    return chomps ? text.replaceAll("(?m)^\t+", "") : text;
  }
}
