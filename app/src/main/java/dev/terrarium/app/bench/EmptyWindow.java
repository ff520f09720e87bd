package dev.terrarium.app.bench;

import dev.terrarium.app.window.FirstFrame;
import java.time.Duration;
import java.util.function.Consumer;
import javafx.application.Application;
import javafx.scene.Scene;
import javafx.scene.layout.Pane;
import javafx.stage.Stage;

/** The least that a JavaFX program can show: what any window costs at least. */
public final class EmptyWindow extends Application {

  /** JavaFX makes the application itself, so nothing can be handed to a constructor. */
  private static volatile Consumer<Duration> painted = _ -> {};

  static void open(Consumer<Duration> firstFrame) {
    painted = firstFrame;
    launch(EmptyWindow.class);
  }

  @Override
  public void start(Stage stage) {
    Scene scene = new Scene(new Pane(), 1280, 800);
    FirstFrame.watch(scene, painted);
    stage.setScene(scene);
    stage.show();
  }
}
