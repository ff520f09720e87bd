package dev.terrarium.app;

import atlantafx.base.theme.PrimerLight;
import dev.terrarium.assets.Palette;
import dev.terrarium.assets.Resources;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import javafx.animation.AnimationTimer;
import javafx.application.Application;
import javafx.application.Platform;
import javafx.scene.Parent;
import javafx.scene.Scene;
import javafx.scene.text.Font;
import javafx.stage.Stage;

/** A window with a part of the workbench in it, styled as the workbench is. */
public final class OnScreen implements AutoCloseable {

  private static final long LIMIT_SECONDS = 60;

  private static boolean started;

  private final Stage stage;

  private OnScreen(Stage stage) {
    this.stage = stage;
  }

  /** Shows what the maker makes on the JavaFX thread. */
  public static OnScreen show(Callable<? extends Parent> maker, double width, double height) {
    return new OnScreen(
        fx(() -> {
          Scene scene = new Scene(maker.call(), width, height);
          scene.getStylesheets().add(Palette.LIGHT.stylesheet());
          scene.getStylesheets().addAll(Resources.componentStylesheets());
          Stage made = new Stage();
          made.setScene(scene);
          made.show();
          return made;
        }));
  }

  private static synchronized void start() {
    if (started) {
      return;
    }
    if (System.getenv("DISPLAY") == null) {
      System.setProperty("glass.platform", "Headless");
    }
    CountDownLatch ready = new CountDownLatch(1);
    try {
      Platform.startup(ready::countDown);
    } catch (IllegalStateException alreadyStarted) {
      ready.countDown();
    }
    try {
      if (!ready.await(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException("JavaFX did not start");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Platform.setImplicitExit(false);
    Resources.fonts().forEach(url -> Font.loadFont(url, 12));
    call(() -> {
      Application.setUserAgentStylesheet(new PrimerLight().getUserAgentStylesheet());
      return true;
    });
    started = true;
  }

  /** Runs on the JavaFX thread and hands back the result. */
  public static <T> T fx(Callable<T> task) {
    start();
    return call(task);
  }

  private static <T> T call(Callable<T> task) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Platform.runLater(() -> {
      try {
        result.complete(task.call());
      } catch (Exception | AssertionError e) {
        result.completeExceptionally(e);
      }
    });
    return result.orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).join();
  }

  /** Looks once per frame until it holds; fails with the description if it never does. */
  public static void await(String what, BooleanSupplier holds) {
    CompletableFuture<Boolean> seen = new CompletableFuture<>();
    AnimationTimer timer =
        new AnimationTimer() {
          @Override
          public void handle(long now) {
            if (holds.getAsBoolean()) {
              seen.complete(true);
            }
          }
        };
    Platform.runLater(timer::start);
    try {
      seen.orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).join();
    } catch (java.util.concurrent.CompletionException e) {
      throw new AssertionError("waited in vain: " + what, e);
    } finally {
      Platform.runLater(timer::stop);
    }
  }

  public Scene scene() {
    return stage.getScene();
  }

  @Override
  public void close() {
    fx(() -> {
      stage.close();
      return true;
    });
  }
}
