package dev.terrarium.app.workbench;

import dev.terrarium.app.lesson.LessonList;
import dev.terrarium.app.lesson.LessonViewModel;
import dev.terrarium.app.window.Appearance;
import dev.terrarium.app.window.FirstFrame;
import dev.terrarium.app.window.Header;
import dev.terrarium.app.window.Shortcuts;
import dev.terrarium.app.window.Skeleton;
import dev.terrarium.app.window.UiContext;
import dev.terrarium.lessons.Course;
import dev.terrarium.lessons.format.Lesson;
import dev.terrarium.lessons.play.LessonPlayer;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javafx.application.Platform;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.scene.Scene;
import javafx.scene.layout.BorderPane;
import javafx.stage.Stage;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * The window: painted first, then filled. The engine, the course and the terminals load on a thread
 * of their own while the learner already sees the frame.
 */
final class WorkbenchWindow {

  private static final double WIDTH = 1440;
  private static final double HEIGHT = 900;
  private static final double LEAST_WIDTH = 1024;
  private static final double LEAST_HEIGHT = 640;

  private final Stage stage;
  private final UiContext ui;
  private final Workbench.Options options;
  private final BorderPane root;
  private final Scene scene;
  private final Header header;
  private final Skeleton skeleton;
  private final Shortcuts shortcuts;

  /** The engine blocks while the kernel works: everything that asks it queues here. */
  private final ExecutorService engineThread =
      Executors.newSingleThreadExecutor(
          task -> Thread.ofPlatform().daemon().name("window-engine").unstarted(task));

  private final ReadOnlyObjectWrapper<Optional<LessonViewModel>> model =
      new ReadOnlyObjectWrapper<>(Optional.empty());
  private Optional<LessonScreen> screen = Optional.empty();
  private @Nullable Session session;

  WorkbenchWindow(Stage stage, UiContext ui, Workbench.Options options) {
    this.stage = stage;
    this.ui = ui;
    this.options = options;
    Appearance.loadFirstFonts();
    Appearance.setBase(ui.palette().get());
    this.root = new BorderPane();
    this.scene = new Scene(root, WIDTH, HEIGHT);
    root.getStyleClass().add("window");
    this.header = new Header(ui);
    this.skeleton = new Skeleton(ui);
    root.setTop(header);
    root.setCenter(skeleton);
    Appearance.follow(scene, ui);
    this.shortcuts = new Shortcuts(scene, ui);
  }

  void show() {
    FirstFrame.watch(
        scene,
        sinceStart -> {
          options.firstFrame().accept(sinceStart);
          Appearance.complete(scene);
          header.furnish();
          engineThread.execute(this::openSession);
        });
    stage.setTitle("Terrarium");
    stage.setMinWidth(LEAST_WIDTH);
    stage.setMinHeight(LEAST_HEIGHT);
    stage.setScene(scene);
    stage.show();
  }

  /** The lesson on screen; empty until the engine is open. */
  ReadOnlyObjectProperty<Optional<LessonViewModel>> model() {
    return model.getReadOnlyProperty();
  }

  Scene scene() {
    return scene;
  }

  UiContext ui() {
    return ui;
  }

  /** Ends the lesson and the engine, and waits until nothing is left. On the JavaFX thread. */
  void close() {
    screen.ifPresent(LessonScreen::close);
    Optional<LessonViewModel> last = model.get();
    engineThread.execute(() -> {
      last.ifPresent(LessonViewModel::close);
      Session open = session;
      if (open != null) {
        open.close();
      }
    });
    engineThread.close();
  }

  private void openSession() {
    try {
      Session opened = options.session().call();
      session = opened;
      Course course = opened.course();
      Lesson first =
          options.lesson().flatMap(course::lesson).orElseGet(() -> course.lessons().getFirst());
      LessonPlayer player = opened.play(first);
      Platform.runLater(() -> {
        header.showRung(opened.rung());
        fill(course, player);
      });
    } catch (Exception e) {
      // Looked up here: logging takes longer to load than the window to be painted.
      LoggerFactory.getLogger(WorkbenchWindow.class).warn("cannot open the engine", e);
      Platform.runLater(() -> {
        header.showNoEngine();
        skeleton.fail(String.valueOf(e.getMessage()));
      });
    }
  }

  private void openLesson(Course course, Lesson lesson) {
    screen.ifPresent(LessonScreen::close);
    screen = Optional.empty();
    Optional<LessonViewModel> before = model.get();
    model.set(Optional.empty());
    root.setCenter(skeleton);
    engineThread.execute(() -> {
      before.ifPresent(LessonViewModel::close);
      Session open = session;
      if (open != null) {
        LessonPlayer player = open.play(lesson);
        Platform.runLater(() -> fill(course, player));
      }
    });
  }

  private void fill(Course course, LessonPlayer player) {
    LessonViewModel lessonModel = new LessonViewModel(player);
    LessonList list = new LessonList(ui, lesson -> openLesson(course, lesson));
    list.setCourse(course, Set.of());
    LessonScreen next = new LessonScreen(ui, lessonModel, list, LessonParts.of(ui));
    root.setCenter(next);
    this.screen = Optional.of(next);
    shortcuts.actOn(() -> model.get().map(WorkbenchWindow::actions), next.regions());
    // A split pane has no children before it is styled, and what is not in the scene takes no
    // focus.
    root.applyCss();
    root.layout();
    next.focusPrimary();
    model.set(Optional.of(lessonModel));
  }

  private static Shortcuts.Actions actions(LessonViewModel model) {
    return new Shortcuts.Actions() {
      @Override
      public void advance() {
        model.advance();
      }

      @Override
      public void back() {
        model.back();
      }

      @Override
      public void choose(int option) {
        model.choose(option);
      }
    };
  }
}
