package dev.terrarium.app.workbench;

import dev.terrarium.app.images.ImagesScreen;
import dev.terrarium.app.images.ImagesViewModel;
import dev.terrarium.app.lesson.LessonList;
import dev.terrarium.app.lesson.LessonViewModel;
import dev.terrarium.app.window.Appearance;
import dev.terrarium.app.window.EnginePill;
import dev.terrarium.app.window.EngineState;
import dev.terrarium.app.window.FirstFrame;
import dev.terrarium.app.window.Header;
import dev.terrarium.app.window.Notice;
import dev.terrarium.app.window.Place;
import dev.terrarium.app.window.Shortcuts;
import dev.terrarium.app.window.Skeleton;
import dev.terrarium.app.window.UiContext;
import dev.terrarium.lessons.Course;
import dev.terrarium.lessons.format.Lesson;
import dev.terrarium.lessons.play.LessonPlayer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javafx.application.Platform;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.value.ObservableValue;
import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.VBox;
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
  private final Notice notice;
  private final Shortcuts shortcuts;

  /** The engine blocks while the kernel works: everything that asks it queues here. */
  private final ExecutorService engineThread =
      Executors.newSingleThreadExecutor(
          task -> Thread.ofPlatform().daemon().name("window-engine").unstarted(task));

  private final ReadOnlyObjectWrapper<Optional<LessonViewModel>> model =
      new ReadOnlyObjectWrapper<>(Optional.empty());
  private Optional<Course> course = Optional.empty();
  private Optional<LessonScreen> screen = Optional.empty();
  private Optional<ImagesScreen> images = Optional.empty();
  private Optional<ImagesViewModel> imagesModel = Optional.empty();

  /** What stands where the lesson is, also while another screen is on show. */
  private Node lessonNode;

  private volatile @Nullable Session session;

  /** Whether the engine is a process with more rights. */
  private boolean borrowed;

  /** The lesson to open, if not the first; another engine begins with the one on screen. */
  private volatile Optional<String> lesson;

  WorkbenchWindow(Stage stage, UiContext ui, Workbench.Options options) {
    this.stage = stage;
    this.ui = ui;
    this.options = options;
    this.lesson = options.lesson();
    Appearance.loadFirstFonts();
    Appearance.setBase(ui.palette().get());
    this.root = new BorderPane();
    this.scene = new Scene(root, WIDTH, HEIGHT);
    root.getStyleClass().add("window");
    this.header = new Header(ui, engineActions());
    this.notice = new Notice(ui);
    root.setTop(new VBox(header, notice));
    this.lessonNode = new Skeleton(ui);
    Appearance.follow(scene, ui);
    this.shortcuts = new Shortcuts(scene, ui);
    header.place().subscribe(_ -> showPlace());
  }

  void show() {
    FirstFrame.watch(
        scene,
        sinceStart -> {
          options.firstFrame().accept(sinceStart);
          Appearance.complete(scene);
          header.furnish();
          engineThread.execute(() -> openSession(false));
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
    images.ifPresent(ImagesScreen::close);
    // Its container is the engine's.
    imagesModel.ifPresent(ImagesViewModel::close);
    Optional<LessonViewModel> last = model.get();
    engineThread.execute(() -> closeSession(last));
    engineThread.close();
  }

  private EnginePill.Actions engineActions() {
    return new EnginePill.Actions() {
      @Override
      public void elevate() {
        changeEngine(true);
      }

      @Override
      public void giveBack() {
        changeEngine(false);
      }

      @Override
      public void restart() {
        changeEngine(borrowed);
      }
    };
  }

  /** Ends all that the present engine runs, and opens another. On the JavaFX thread. */
  private void changeEngine(boolean elevated) {
    notice.clear();
    header.showEngine(elevated ? new EngineState.Asking() : new EngineState.Opening());
    Optional<LessonViewModel> before = leaveLesson();
    engineThread.execute(() -> {
      closeSession(before);
      openSession(elevated);
    });
  }

  /** On the engine's thread. */
  private void openSession(boolean elevated) {
    try {
      Session opened =
          elevated ? options.elevated().orElseThrow().call() : options.session().call();
      session = opened;
      Course course = opened.course();
      Lesson first = lesson.flatMap(course::lesson).orElseGet(() -> course.lessons().getFirst());
      LessonPlayer player = opened.play(first);
      var _ = opened.lost().thenAccept(why -> Platform.runLater(() -> lose(opened, why)));
      Platform.runLater(() -> {
        borrowed = elevated;
        header.showEngine(
            new EngineState.Open(opened.rung(), elevated, options.elevated().isPresent()));
        fill(course, player);
      });
    } catch (Exception e) {
      // Looked up here: logging takes longer to load than the window to be painted.
      LoggerFactory.getLogger(WorkbenchWindow.class).warn("cannot open the engine", e);
      String why = String.valueOf(e.getMessage());
      if (elevated) {
        Platform.runLater(() -> {
          header.showEngine(new EngineState.Opening());
          notice.say(new Notice.Content("engine.refused", why, Optional.empty()));
        });
        openSession(false);
      } else {
        Platform.runLater(() -> {
          header.showEngine(new EngineState.Failed(why));
          Skeleton skeleton = new Skeleton(ui);
          skeleton.fail(why);
          showLesson(skeleton);
        });
      }
    }
  }

  /** What was recorded stays on screen; nothing can be done with it until there is an engine. */
  private void lose(Session gone, String why) {
    if (gone.equals(session)) {
      header.showEngine(new EngineState.Lost(why));
      notice.say(
          new Notice.Content(
              "engine.lost.tip",
              why,
              Optional.of(new Notice.Offer("engine.restart", engineActions()::restart))));
    }
  }

  private void closeSession(Optional<LessonViewModel> last) {
    last.ifPresent(LessonViewModel::close);
    Session open = session;
    session = null;
    if (open != null) {
      open.close();
    }
  }

  /** Takes the lesson off the screen; whoever gets it must close it on the engine's thread. */
  private Optional<LessonViewModel> leaveLesson() {
    screen.ifPresent(LessonScreen::close);
    screen = Optional.empty();
    Optional<LessonViewModel> before = model.get();
    model.set(Optional.empty());
    showLesson(new Skeleton(ui));
    return before;
  }

  /** The course of the open engine; empty until it is open. */
  Optional<Course> course() {
    return course;
  }

  /** Leaves the present lesson for another one of the course. On the JavaFX thread. */
  void openLesson(Lesson chosen) {
    openLesson(course.orElseThrow(), chosen);
  }

  private void openLesson(Course course, Lesson chosen) {
    lesson = Optional.of(chosen.id());
    Optional<LessonViewModel> before = leaveLesson();
    engineThread.execute(() -> {
      before.ifPresent(LessonViewModel::close);
      Session open = session;
      if (open != null) {
        LessonPlayer player = open.play(chosen);
        Platform.runLater(() -> fill(course, player));
      }
    });
  }

  private void fill(Course course, LessonPlayer player) {
    this.course = Optional.of(course);
    LessonViewModel lessonModel = new LessonViewModel(player);
    LessonList list = new LessonList(ui, lesson -> openLesson(course, lesson));
    list.setCourse(course, Set.of());
    LessonScreen next = new LessonScreen(ui, lessonModel, list, LessonParts.of(ui));
    this.screen = Optional.of(next);
    showLesson(next);
    // A split pane has no children before it is styled, and what is not in the scene takes no
    // focus.
    root.applyCss();
    root.layout();
    if (header.place().get() == Place.LESSONS) {
      next.focusPrimary();
    }
    model.set(Optional.of(lessonModel));
  }

  private void showLesson(Node lesson) {
    lessonNode = lesson;
    showPlace();
  }

  /** The other screens go on living while they are not looked at. */
  private void showPlace() {
    switch (header.place().get()) {
      case LESSONS -> {
        root.setCenter(lessonNode);
        shortcuts.actOn(
            () -> model.get().map(WorkbenchWindow::actions),
            screen.map(LessonScreen::regions).orElse(List.of()));
      }
      case IMAGES -> {
        ImagesScreen shown = imagesScreen();
        root.setCenter(shown);
        shortcuts.actOn(Optional::empty, shown.regions());
      }
    }
  }

  private ImagesScreen imagesScreen() {
    ImagesScreen open =
        images.orElseGet(() -> {
          ImagesViewModel opened =
              new ImagesViewModel(
                  options.images(), () -> Optional.ofNullable(session).flatMap(Session::engine));
          imagesModel = Optional.of(opened);
          return new ImagesScreen(ui, opened);
        });
    images = Optional.of(open);
    return open;
  }

  /** Whether the Images screen shows all that it has to show of an image. */
  ObservableValue<Boolean> imagesShown() {
    return imagesModel.orElseThrow().shown();
  }

  /** The screen on show. */
  ObjectProperty<Place> place() {
    return header.place();
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
