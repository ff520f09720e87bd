package dev.terrarium.assets;

/** A set of colours for the one structure of tokens. Components name tokens, never colours. */
public enum Palette {
  LIGHT,
  DARK;

  /** The stylesheet that gives every {@code -t-*} token its colour. */
  public String stylesheet() {
    return Resources.url("styles/" + (this == LIGHT ? "light" : "dark") + ".css");
  }

  public Palette other() {
    return this == LIGHT ? DARK : LIGHT;
  }
}
