package dev.terrarium.app.workbench;

import static dev.terrarium.app.OnScreen.fx;

import dev.terrarium.app.OnScreen;
import dev.terrarium.app.lesson.LessonView;
import dev.terrarium.app.lesson.LessonViewModel;
import dev.terrarium.app.window.UiContext;
import dev.terrarium.assets.Language;
import dev.terrarium.assets.Palette;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.control.Labeled;
import javafx.scene.input.KeyCode;
import javafx.scene.text.Text;
import javafx.stage.Stage;
import javafx.stage.StageStyle;
import org.testfx.api.FxRobot;

/** The workbench's window, open with a session, and a robot at its keyboard. */
final class OpenWindow implements AutoCloseable {

  private final FxRobot robot = new FxRobot();
  private final Stage stage;
  private final WorkbenchWindow window;

  OpenWindow(Callable<Session> session, double width, double height) {
    this(session, Optional.empty(), width, height);
  }

  OpenWindow(
      Callable<Session> session,
      Optional<Callable<Session>> elevated,
      double width,
      double height) {
    Workbench.Options plain =
        Workbench.Options.of(session).looking(Language.ENGLISH, Palette.LIGHT);
    Workbench.Options options = elevated.map(plain::elevating).orElse(plain);
    this.stage = fx(() -> new Stage(StageStyle.UNDECORATED));
    this.window =
        fx(() -> {
          UiContext ui = new UiContext(Language.ENGLISH, Palette.LIGHT);
          ui.reducedMotion().set(true);
          WorkbenchWindow made = new WorkbenchWindow(stage, ui, options);
          stage.setWidth(width);
          stage.setHeight(height);
          made.show();
          return made;
        });
    OnScreen.await("the engine opens", () -> window.model().get().isPresent());
    OnScreen.await("the window has the keyboard", stage::isFocused);
  }

  WorkbenchWindow window() {
    return window;
  }

  LessonViewModel model() {
    return window.model().get().orElseThrow();
  }

  void press(KeyCode... keys) {
    robot.push(keys);
  }

  /** Does what a click would do. */
  static void press(Runnable action) {
    fx(() -> {
      action.run();
      return true;
    });
  }

  /** Goes over to another lesson of the course. */
  void openLesson(String id) {
    press(() -> window.openLesson(window.course().orElseThrow().lesson(id).orElseThrow()));
    OnScreen.await(
        id + " opens",
        () ->
            window.model().get().filter(m -> m.view().get().lesson().id().equals(id)).isPresent());
  }

  /** Waits until the view satisfies the condition, and hands it back. */
  LessonView await(String what, Predicate<LessonView> condition) {
    OnScreen.await(what, () -> condition.test(model().view().get()));
    return fx(() -> model().view().get());
  }

  /** Waits until a text can be read somewhere in the window. */
  void awaitText(String text) {
    OnScreen.await(
        "the window says: " + text, () -> texts(window.scene().getRoot()).contains(text));
  }

  /** Everything that can be read in there, in the order of the scene graph. */
  String text(String selector) {
    return fx(() -> texts(window.scene().getRoot().lookup(selector)));
  }

  /** All nodes of the window that are shown. */
  List<Node> nodes() {
    return fx(() -> {
      List<Node> found = new ArrayList<>();
      collect(window.scene().getRoot(), found);
      return found;
    });
  }

  private static void collect(Node node, List<Node> into) {
    if (!node.isVisible()) {
      return;
    }
    into.add(node);
    if (node instanceof Parent parent) {
      parent.getChildrenUnmodifiable().forEach(child -> collect(child, into));
    }
  }

  private static String texts(Node root) {
    List<Node> nodes = new ArrayList<>();
    collect(root, nodes);
    StringBuilder all = new StringBuilder();
    for (Node node : nodes) {
      if (node instanceof Text text && !(text.getParent() instanceof Labeled)) {
        all.append(text.getText());
      } else if (node instanceof Labeled labeled && labeled.getText() != null) {
        all.append('\n').append(labeled.getText()).append('\n');
      }
    }
    return all.toString();
  }

  @Override
  public void close() {
    fx(() -> {
      window.close();
      stage.close();
      return true;
    });
  }
}
