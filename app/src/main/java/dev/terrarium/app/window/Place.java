package dev.terrarium.app.window;

/** A screen of the window, as the header names it. */
public enum Place {
  LESSONS("place.lessons"),
  IMAGES("place.images");

  private final String key;

  Place(String key) {
    this.key = key;
  }

  String key() {
    return key;
  }
}
