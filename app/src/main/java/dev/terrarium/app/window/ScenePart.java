package dev.terrarium.app.window;

import java.util.function.Consumer;
import javafx.scene.layout.Region;

/**
 * A part of the lesson screen that draws scenes.
 *
 * @param node where it draws
 * @param show draws a scene; called on the JavaFX thread
 */
public record ScenePart(Region node, Consumer<LessonScene> show) {}
