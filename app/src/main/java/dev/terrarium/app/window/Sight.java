package dev.terrarium.app.window;

import dev.terrarium.lessons.format.View;
import javafx.scene.Node;

/** One way to look at host and container side by side. On the JavaFX thread. */
public interface Sight {

  /** As lessons name it. */
  View view();

  /** What is on screen. */
  Node node();

  /** Draws the moment. */
  void show(LessonScene scene);

  /** Why the two sides differ at that moment. */
  Explanation why(LessonScene scene);

  /** All that it shows, for whoever does not see it. */
  String asText();
}
