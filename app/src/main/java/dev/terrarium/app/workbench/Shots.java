package dev.terrarium.app.workbench;

import dev.terrarium.app.lesson.LessonView;
import dev.terrarium.app.lesson.LessonViewModel;
import dev.terrarium.app.window.Place;
import dev.terrarium.app.window.Pulses;
import dev.terrarium.app.window.UiContext;
import dev.terrarium.assets.Language;
import dev.terrarium.assets.Palette;
import dev.terrarium.engine.console.Console;
import dev.terrarium.engine.container.Container;
import dev.terrarium.lessons.format.Lesson;
import dev.terrarium.lessons.play.PlayerState.Phase;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import javafx.application.Platform;
import javafx.beans.value.ObservableValue;
import javafx.scene.image.PixelFormat;
import javafx.scene.image.WritableImage;
import javafx.stage.Stage;
import javafx.stage.StageStyle;
import javafx.util.Subscription;
import javax.imageio.ImageIO;

/**
 * Plays the course in the real window on the real engine, and keeps a PNG of every step in each
 * palette, language and size. Called on a thread of its own.
 */
public final class Shots {

  /** A window's size in pixels. */
  private record Size(int width, int height) {}

  private static final List<Size> SIZES = List.of(new Size(1280, 720), new Size(1920, 1080));

  /** A terminal draws what it got a few frames later than it got it. */
  private static final int SETTLING_PULSES = 6;

  private static final long LONGEST_WAIT_SECONDS = 120;

  private final Path folder;
  private final Consumer<Path> written;
  private final WorkbenchWindow window;
  private final Stage stage;
  private final UiContext ui;
  private final Solver solver;

  /** Does what a step asks of the learner. */
  interface Solver {
    void solve(LessonView view) throws IOException;
  }

  private Shots(
      Path folder, Consumer<Path> written, Solver solver, WorkbenchWindow window, Stage stage) {
    this.folder = folder;
    this.written = written;
    this.solver = solver;
    this.window = window;
    this.stage = stage;
    this.ui = window.ui();
  }

  /**
   * Plays every lesson of the session and writes {@code
   * LESSON-NN-STEP-PALETTE-LANGUAGE-WIDTHxHEIGHT.png} into the folder; where a step asks for a
   * prediction, {@code STEP-asked} shows it before the kernel answered.
   *
   * @param written hears every file as it is written
   * @throws IOException if a file cannot be written, or a lesson did not come to its end
   */
  public static void take(Callable<Session> session, Path folder, Consumer<Path> written)
      throws IOException, InterruptedException {
    take(session, folder, written, Shots::typeSolution);
  }

  static void take(Callable<Session> session, Path folder, Consumer<Path> written, Solver solver)
      throws IOException, InterruptedException {
    Files.createDirectories(folder);
    Platform.setImplicitExit(false);
    startToolkit();
    Workbench.Options options =
        Workbench.Options.of(session).looking(Language.ENGLISH, Palette.LIGHT);
    Shots shots =
        onFx(() -> {
          Stage stage = new Stage(StageStyle.UNDECORATED);
          UiContext ui = new UiContext(Language.ENGLISH, Palette.LIGHT);
          ui.reducedMotion().set(true);
          WorkbenchWindow window = new WorkbenchWindow(stage, ui, options);
          window.show();
          return new Shots(folder, written, solver, window, stage);
        });
    try {
      shots.play();
    } finally {
      onFx(() -> {
        shots.window.close();
        shots.stage.close();
        return shots;
      });
    }
  }

  static void startToolkit() {
    try {
      Platform.startup(() -> {});
    } catch (IllegalStateException alreadyStarted) {
      // A test or an open window has started it before.
    }
  }

  private void play() throws IOException, InterruptedException {
    await(window.model(), Optional::isPresent);
    for (Lesson lesson : onFx(window::course).orElseThrow().lessons()) {
      Optional<LessonViewModel> open = onFx(() -> window.model().get());
      if (open.filter(model -> shows(model, lesson)).isEmpty()) {
        press(() -> window.openLesson(lesson));
        open = await(window.model(), next -> next.filter(m -> shows(m, lesson)).isPresent());
      }
      play(open.orElseThrow());
    }
    shootImages();
  }

  private static boolean shows(LessonViewModel model, Lesson lesson) {
    return model.view().get().lesson().id().equals(lesson.id());
  }

  private void play(LessonViewModel model) throws IOException, InterruptedException {
    ObservableValue<LessonView> views = model.view();
    while (true) {
      LessonView ready = await(views, view -> view.state().phase() == Phase.READY);
      if (ready.lessonStep().prediction().isPresent()) {
        press(() -> model.choose(0));
        ready = await(views, LessonView::canPressPrimary);
        shoot(ready, "-asked");
      }
      press(model::advance);
      LessonView ran = await(views, Shots::over);
      shoot(ran, "");
      if (ran.state().phase() == Phase.YOUR_TURN) {
        solver.solve(ran);
        ran = await(views, view -> view.state().phase() == Phase.DONE);
        shoot(ran, "-solved");
      }
      boolean last = ran.step() == ran.stepCount() - 1;
      press(model::advance);
      if (last) {
        shoot(await(views, LessonView::finished), "-finished");
        return;
      }
      int next = ran.step() + 1;
      await(views, view -> view.step() == next);
    }
  }

  static boolean over(LessonView view) {
    if (view.state().phase() == Phase.FAILED) {
      throw new IllegalStateException(
          "step "
              + (view.step() + 1)
              + " of lesson "
              + view.lesson().id()
              + " failed: "
              + view.state().failure().orElse(""));
    }
    return view.state().phase() == Phase.DONE || view.state().phase() == Phase.YOUR_TURN;
  }

  static void typeSolution(LessonView view) throws IOException {
    Console console =
        view.container()
            .flatMap(Container::console)
            .orElseThrow(() -> new IOException("the lesson's container has no terminal"));
    console.type(view.lessonStep().yourTurn().orElseThrow().solution() + "\n");
  }

  private void shootImages() throws IOException, InterruptedException {
    press(() -> window.place().set(Place.IMAGES));
    await(window.imagesShown(), Boolean::booleanValue);
    shoot("images");
  }

  private void shoot(LessonView view, String suffix) throws IOException, InterruptedException {
    shoot(
        String.format(
            Locale.ROOT,
            "%s-%02d-%s%s",
            view.lesson().id(),
            view.step() + 1,
            view.lessonStep().id(),
            suffix));
  }

  /** What is on screen, in each size, palette and language. */
  private void shoot(String name) throws IOException, InterruptedException {
    for (Size size : SIZES) {
      resize(size);
      for (Palette palette : Palette.values()) {
        for (Language language : Language.values()) {
          press(() -> {
            ui.palette().set(palette);
            ui.language().set(language);
          });
          settle();
          save(
              folder.resolve(
                  String.format(
                      Locale.ROOT,
                      "%s-%s-%s-%dx%d.png",
                      name,
                      palette.name().toLowerCase(Locale.ROOT),
                      language.code(),
                      size.width(),
                      size.height())));
        }
      }
    }
  }

  private void resize(Size size) throws IOException, InterruptedException {
    press(() -> {
      stage.setX(0);
      stage.setY(0);
      stage.setWidth(size.width());
      stage.setHeight(size.height());
    });
    await(window.scene().widthProperty(), width -> width.intValue() == size.width());
    await(window.scene().heightProperty(), height -> height.intValue() == size.height());
  }

  private void settle() throws IOException, InterruptedException {
    CompletableFuture<Void> settled = new CompletableFuture<>();
    Platform.runLater(() -> Pulses.after(SETTLING_PULSES, () -> settled.complete(null)));
    get(settled, "the window to be painted");
  }

  private void save(Path file) throws IOException, InterruptedException {
    WritableImage image = onFx(() -> window.scene().snapshot(null));
    int width = (int) image.getWidth();
    int height = (int) image.getHeight();
    int[] pixels = new int[width * height];
    image
        .getPixelReader()
        .getPixels(0, 0, width, height, PixelFormat.getIntArgbInstance(), pixels, 0, width);
    BufferedImage png = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    png.setRGB(0, 0, width, height, pixels, 0, width);
    ImageIO.write(png, "png", file.toFile());
    written.accept(file);
  }

  static void press(Runnable action) throws IOException, InterruptedException {
    onFx(() -> {
      action.run();
      return true;
    });
  }

  static <T> T onFx(Supplier<T> work) throws IOException, InterruptedException {
    return get(
        CompletableFuture.supplyAsync(work, Platform::runLater), "the JavaFX thread to answer");
  }

  /** Waits until an observable value satisfies the condition; the value is read on its thread. */
  static <T> T await(ObservableValue<T> value, Predicate<T> condition)
      throws IOException, InterruptedException {
    CompletableFuture<T> met = new CompletableFuture<>();
    CompletableFuture<Subscription> subscribed = new CompletableFuture<>();
    Platform.runLater(() ->
        subscribed.complete(
            value.subscribe(now -> {
              try {
                if (condition.test(now)) {
                  met.complete(now);
                }
              } catch (IllegalStateException failed) {
                met.completeExceptionally(failed);
              }
            })));
    try {
      return get(met, "the lesson to go on");
    } finally {
      press(() -> subscribed.join().unsubscribe());
    }
  }

  static <T> T get(CompletableFuture<T> future, String what)
      throws IOException, InterruptedException {
    try {
      return future.get(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new IOException("waited " + LONGEST_WAIT_SECONDS + " s for " + what, e);
    } catch (java.util.concurrent.ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IOException(String.valueOf(cause.getMessage()), cause);
    }
  }
}
