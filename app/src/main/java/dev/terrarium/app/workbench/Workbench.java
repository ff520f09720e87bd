package dev.terrarium.app.workbench;

import dev.terrarium.app.images.ImageShelf;
import dev.terrarium.app.window.UiContext;
import dev.terrarium.assets.Language;
import dev.terrarium.assets.Palette;
import dev.terrarium.engine.journal.StateFolder;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import javafx.application.Application;
import javafx.application.Platform;
import javafx.stage.Stage;
import org.jspecify.annotations.Nullable;

/** The JavaFX application: one window that opens its engine after its first frame. */
public final class Workbench extends Application {

  /**
   * What a launcher asks of the window.
   *
   * @param session opens the engine, off the JavaFX thread
   * @param elevated opens one with root's rights, which may ask a person; empty if there is no way
   * @param images opens the image store, when it is first looked at
   * @param lesson the lesson to begin with, if not the first
   * @param language the language to begin with
   * @param palette the colours to begin with; those of the desktop if empty
   * @param firstFrame hears once how long after the start of the JVM the window was painted
   */
  public record Options(
      Callable<Session> session,
      Optional<Callable<Session>> elevated,
      ImageShelf.Opener images,
      Optional<String> lesson,
      Language language,
      Optional<Palette> palette,
      Consumer<Duration> firstFrame) {

    /** The window as a person starts it. */
    public static Options of(Callable<Session> session) {
      return new Options(
          session,
          Optional.empty(),
          () -> ImageShelf.open(StateFolder.standard().path()),
          Optional.empty(),
          Language.of(System.getenv().getOrDefault("LANG", "en")),
          Optional.empty(),
          _ -> {});
    }

    /** The same, with a way to an engine with root's rights. */
    public Options elevating(Callable<Session> way) {
      return new Options(session, Optional.of(way), images, lesson, language, palette, firstFrame);
    }

    /** The same, with the images of another folder. */
    public Options withImages(ImageShelf.Opener store) {
      return new Options(session, elevated, store, lesson, language, palette, firstFrame);
    }

    /** The same, in that language and those colours, whatever the desktop's are. */
    public Options looking(Language words, Palette colours) {
      return new Options(
          session, elevated, images, lesson, words, Optional.of(colours), firstFrame);
    }

    /** The same, heard when it is painted. */
    public Options painted(Consumer<Duration> listener) {
      return new Options(session, elevated, images, lesson, language, palette, listener);
    }
  }

  /** JavaFX makes the application itself, so its options cannot be handed to a constructor. */
  private static volatile @Nullable Options requested;

  private @Nullable WorkbenchWindow window;

  /** Opens the window and returns when it has been closed and the engine has ended. */
  public static void open(Options options) {
    requested = options;
    launch(Workbench.class);
  }

  @Override
  public void start(Stage stage) {
    Options options = requested;
    if (options == null) {
      throw new IllegalStateException("the window is opened with Workbench.open");
    }
    Palette palette =
        options
            .palette()
            .orElseGet(() ->
                Platform.getPreferences().getColorScheme() == javafx.application.ColorScheme.DARK
                    ? Palette.DARK
                    : Palette.LIGHT);
    UiContext ui = new UiContext(options.language(), palette);
    ui.reducedMotion().bind(Platform.getPreferences().reducedMotionProperty());
    window = new WorkbenchWindow(stage, ui, options);
    window.show();
  }

  @Override
  public void stop() {
    WorkbenchWindow open = window;
    if (open != null) {
      open.close();
    }
  }
}
