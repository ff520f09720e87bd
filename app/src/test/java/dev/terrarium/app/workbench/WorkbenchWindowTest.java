package dev.terrarium.app.workbench;

import static dev.terrarium.app.OnScreen.fx;
import static org.assertj.core.api.Assertions.assertThat;

import dev.terrarium.app.OnScreen;
import dev.terrarium.app.lesson.LessonView;
import dev.terrarium.lessons.play.PlayerState.Phase;
import javafx.geometry.Bounds;
import javafx.scene.Node;
import javafx.scene.control.Labeled;
import javafx.scene.control.SplitPane;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.Region;
import javafx.scene.paint.Paint;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the window does with a lesson's states, at the size that must fit. */
class WorkbenchWindowTest {

  private static final double WIDTH = 1280;
  private static final double HEIGHT = 720;

  private final ScriptedPlayer player = new ScriptedPlayer(ScriptedLesson.lesson());
  private final OpenWindow open = new OpenWindow(() -> new ScriptedSession(player), WIDTH, HEIGHT);

  @AfterEach
  void close() {
    open.close();
  }

  @Test
  void theKeyboardAlonePlaysTheLesson() {
    open.awaitText("An office with many badges");
    open.press(KeyCode.ENTER);
    open.await("step 1 has run", view -> view.state().phase() == Phase.DONE);
    open.press(KeyCode.PAGE_DOWN);
    open.await("step 2 is ready", view -> view.step() == 1 && view.canChoose());
    open.press(KeyCode.DIGIT2);
    open.await("option 2 is chosen", view -> view.choice() == 1);
    open.press(KeyCode.ENTER);
    open.await("step 2 has run", view -> view.step() == 1 && view.hasRun());
    open.awaitText("Your prediction was right");
    open.awaitText("Observed: 1");
    open.press(KeyCode.PAGE_DOWN);
    open.await("step 3 is ready", view -> view.step() == 2);
    open.press(KeyCode.PAGE_DOWN);
    open.await("it is the learner's turn", view -> view.state().phase() == Phase.YOUR_TURN);
    open.awaitText("waiting: hostname is still \"vm\"");
    player.solve();
    open.awaitText("The kernel sees it done.");
    assertThat(player.asked())
        .containsExactly("advance", "advance", "choose 1", "advance", "advance", "advance");
  }

  @Test
  void aPredictionIsChosenBeforeItIsRunAndAWrongOneIsToldSo() {
    toPrediction();
    open.press(KeyCode.PAGE_DOWN);
    open.press(KeyCode.DIGIT1);
    open.await("option 1 is chosen", view -> view.choice() == 0);
    assertThat(player.asked()).as("nothing runs without an answer").hasSize(3);
    open.press(KeyCode.PAGE_DOWN);
    open.awaitText("Not what the kernel said");
    open.awaitText("It was: “1 – it thinks it is first”");
  }

  @Test
  void theTimelineLooksAtThePastAndComesBack() {
    toPrediction();
    fx(() -> {
      open.window().scene().lookup(".timeline-track").requestFocus();
      return true;
    });
    open.press(KeyCode.LEFT);
    LessonView past = open.await("a recorded moment is shown", LessonView::isPast);
    assertThat(past.scene().past()).isTrue();
    open.awaitText("You are looking at step 1");
    assertThat(open.text(".story")).contains("An office with many badges");
    open.press(KeyCode.END);
    open.await("live again", view -> !view.isPast() && view.step() == 1);
    assertThat(player.asked()).as("looking back asks nothing of the player").hasSize(2);
  }

  @Test
  void languageAndColoursChangeWhileTheLessonRuns() {
    Paint before = background();
    open.press(KeyCode.CONTROL, KeyCode.L);
    open.awaitText("一间有许多工牌的办公室");
    assertThat(open.text(".header")).contains("课程");
    open.press(KeyCode.CONTROL, KeyCode.T);
    OnScreen.await("the palette is dark", () -> !background().equals(before));
  }

  @Test
  void aFailureIsShownAndCanBeTriedAgain() {
    player.fail("mount(\"overlay\") failed: EPERM");
    open.awaitText("mount(\"overlay\") failed: EPERM");
    open.press(KeyCode.PAGE_DOWN);
    OnScreen.await("it is tried again", () -> player.asked().contains("advance"));
  }

  @Test
  void f6GoesRoundTheRegions() {
    Node first = focusOwner();
    open.press(KeyCode.F6);
    OnScreen.await("the focus moves", () -> !focusOwner().equals(first));
    assertThat(inside(focusOwner(), ".story")).isFalse();
  }

  @Test
  void everyControlHasANameAndLiesInsideTheWindow() {
    toPrediction();
    int controls = 0;
    for (Node node : open.nodes()) {
      if (!node.isFocusTraversable() || node instanceof javafx.scene.control.ScrollPane) {
        continue;
      }
      controls++;
      String name = fx(() -> name(node));
      assertThat(name).as("name of " + node).isNotBlank();
    }
    assertThat(controls).isGreaterThan(8);
    for (String part : new String[] {".header", ".story", ".action-bar", ".timeline", ".dock"}) {
      Node node = fx(() -> open.window().scene().getRoot().lookup(part));
      Bounds bounds = fx(() -> node.localToScene(node.getLayoutBounds()));
      assertThat(bounds.getMinX()).as(part).isGreaterThanOrEqualTo(0);
      assertThat(bounds.getMaxX()).as(part).isLessThanOrEqualTo(WIDTH);
      assertThat(bounds.getMaxY()).as(part).isLessThanOrEqualTo(HEIGHT);
    }
  }

  @Test
  void aLargeWindowThatIsMadeSmallStillShowsAllOfItsRightSide() {
    ScriptedPlayer another = new ScriptedPlayer(ScriptedLesson.lesson());
    try (OpenWindow large = new OpenWindow(() -> new ScriptedSession(another), 1900, 1000)) {
      SplitPane columns = (SplitPane) large.window().scene().getRoot().lookup(".columns");
      fx(() -> {
        columns.setDividerPositions(0.5);
        return true;
      });
      OnScreen.await("somebody has made the story wide", () -> story(columns) > 800);
      fx(() -> {
        large.window().scene().getWindow().setWidth(WIDTH);
        return true;
      });
      OnScreen.await(
          "the right side fits",
          () -> {
            Node dock = large.window().scene().getRoot().lookup(".dock");
            double right = dock.localToScene(dock.getLayoutBounds()).getMaxX();
            return large.window().scene().getWidth() == WIDTH && right <= WIDTH;
          });
    }
  }

  private static double story(SplitPane columns) {
    return columns.getItems().getFirst().getLayoutBounds().getWidth();
  }

  private void toPrediction() {
    open.press(KeyCode.PAGE_DOWN);
    open.await("step 1 has run", view -> view.state().phase() == Phase.DONE);
    open.press(KeyCode.PAGE_DOWN);
    open.await("step 2 is ready", view -> view.step() == 1 && view.canChoose());
  }

  private Paint background() {
    Region story = (Region) open.window().scene().getRoot().lookup(".story");
    return story.getBackground().getFills().getFirst().getFill();
  }

  private Node focusOwner() {
    return open.window().scene().getFocusOwner();
  }

  private boolean inside(Node node, String selector) {
    Node region = open.window().scene().getRoot().lookup(selector);
    for (Node each = node; each != null; each = each.getParent()) {
      if (each.equals(region)) {
        return true;
      }
    }
    return false;
  }

  private static String name(Node node) {
    if (node.getAccessibleText() != null) {
      return node.getAccessibleText();
    }
    return node instanceof Labeled labeled && labeled.getText() != null ? labeled.getText() : "";
  }
}
