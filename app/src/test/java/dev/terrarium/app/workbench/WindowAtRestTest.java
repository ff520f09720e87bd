package dev.terrarium.app.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrarium.app.Rest;
import dev.terrarium.app.lesson.LessonView;
import dev.terrarium.app.lesson.LessonViewModel;
import dev.terrarium.lessons.play.PlayerState.Phase;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A window in which nothing happens costs nothing: it lays nothing out, and it paints nothing but a
 * terminal's blinking cursor. Seen from outside: JavaFX does not even wake up.
 */
class WindowAtRestTest {

  /** Twice a second the cursor goes on or off, in a pulse or two. */
  private static final int CURSOR_PULSES = 10;

  @Test
  void nothingIsLaidOutOrPaintedBetweenTheSteps() {
    ScriptedPlayer player = new ScriptedPlayer(ScriptedLesson.lesson());
    try (OpenWindow open = new OpenWindow(() -> new ScriptedSession(player), 1280, 720)) {
      assertThat(rest(open)).as("before the first step").isEqualTo(Rest.Work.NONE);
      run(open, view(open), Phase.DONE);
      run(open, next(open, view(open)), Phase.DONE);
      assertThat(rest(open)).as("a prediction is answered").isEqualTo(Rest.Work.NONE);
    }
  }

  @Test
  void theLiveHostIsWatchedWithoutPaintingIt(@TempDir Path state) throws IOException {
    try (OpenWindow open = new OpenWindow(() -> LiveSession.open(state), 1280, 720)) {
      LessonView view = open.await("the first step is ready", WindowAtRestTest::ready);
      while (view.lessonStep().yourTurn().isEmpty()) {
        run(open, view, Phase.DONE);
        if (view.lessonStep().id().equals("old-mirror")) {
          assertThat(rest(open)).as("all of the host in both panes").isEqualTo(Rest.Work.NONE);
        }
        view = next(open, view);
      }
      run(open, view, Phase.YOUR_TURN);
      assertOnlyACursorBlinks(rest(open), "the terminal waits");
      Shots.typeSolution(view(open));
      open.await("the kernel sees it done", now -> now.state().phase() == Phase.DONE);
      assertOnlyACursorBlinks(rest(open), "the terminal has answered");
    }
  }

  private static void assertOnlyACursorBlinks(Rest.Work work, String when) {
    assertThat(work.nodes()).as("laid out while " + when).isEmpty();
    assertThat(work.layouts()).as("layouts while " + when).isZero();
    assertThat(work.pulses()).as("pulses while " + when).isLessThanOrEqualTo(CURSOR_PULSES);
  }

  private static Rest.Work rest(OpenWindow open) {
    return Rest.of(open.window().scene());
  }

  private static LessonView view(OpenWindow open) {
    return open.await("there is a view", now -> true);
  }

  private static boolean ready(LessonView view) {
    return view.state().phase() == Phase.READY;
  }

  private static void run(OpenWindow open, LessonView view, Phase then) {
    if (view.lessonStep().prediction().isPresent()) {
      OpenWindow.press(() -> open.model().choose(0));
      open.await("it is chosen", now -> now.choice() == 0);
    }
    advance(open, view.step(), then);
  }

  private static LessonView next(OpenWindow open, LessonView view) {
    advance(open, view.step() + 1, Phase.READY);
    return view(open);
  }

  private static void advance(OpenWindow open, int step, Phase then) {
    LessonViewModel model = open.model();
    OpenWindow.press(model::advance);
    open.await(
        "step " + step + " is " + then, now -> now.step() == step && now.state().phase() == then);
  }
}
