package dev.terrarium.app.workbench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.terrarium.app.lesson.LessonView;
import dev.terrarium.engine.cgroup.Delegation;
import dev.terrarium.lessons.play.PlayerState.Phase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lessons from their first to their last step: the real window on the real kernel. */
class LiveLessonTest {

  @Test
  void theFirstLessonIsPlayedInTheWindowAndLeavesNothing(@TempDir Path state) throws IOException {
    try (OpenWindow open = new OpenWindow(() -> LiveSession.open(state), 1280, 720)) {
      assertThat(playToTheEnd(open).state().containerPid()).isEmpty();
    }
    assertNothingIsLeft(state);
  }

  @Test
  void aWhiteoutIsMadeAndReplacedBeforeTheLearnersEyes(@TempDir Path state) throws IOException {
    try (OpenWindow open = new OpenWindow(() -> LiveSession.open(state), 1280, 720)) {
      open.openLesson("deleting-with-a-whiteout");
      LessonView view = ready(open, 0);
      for (int step = 0; !view.lessonStep().id().equals("rm"); step++) {
        play(open, step);
        open.press(KeyCode.PAGE_DOWN);
        view = ready(open, step + 1);
      }
      play(open, view.step());

      open.awaitText("− etc/motd  c 0:0");
      open.awaitText("etc/motd · 26 B");
      open.awaitText("hidden, whiteout in upper");
      assertThat(open.text(".why-bar")).contains("upper/etc/motd", "character device 0:0");
      assertThat(open.text(".story")).contains("Something that hides the name");

      open.press(KeyCode.PAGE_DOWN);
      view = playToTheEnd(open);
      assertThat(view.state().values()).containsEntry("backFrom", "upper");
      open.awaitText("~ etc/motd");
      assertThat(open.text(".files-panes")).doesNotContain("hidden, whiteout");
    }
    assertNothingIsLeft(state);
  }

  @Test
  void oneWallAfterTheOtherIsBuilt(@TempDir Path state) throws IOException {
    try (OpenWindow open = new OpenWindow(() -> LiveSession.open(state), 1280, 720)) {
      open.openLesson("eight-namespaces");
      ready(open, 0);
      LessonView view = playToTheEnd(open);

      assertThat(open.text(".chips-bar")).doesNotContain("= host");
      assertThat(view.state().values()).containsEntry("name", "glassbox");
      assertThat(view.state().values().get("nested"))
          .isNotEqualTo(view.state().values().get("before"));
    }
    assertNothingIsLeft(state);
  }

  @Test
  void limitsAreSeenToHold(@TempDir Path state) throws IOException {
    Delegation delegation = Delegation.find();
    boolean granted = delegation instanceof Delegation.Granted;
    assertThat(granted || !Boolean.parseBoolean(System.getenv("CI"))).as("" + delegation).isTrue();
    assumeTrue(granted, "this host lets this user make no cgroups");
    try (OpenWindow open = new OpenWindow(() -> LiveSession.open(state), 1280, 720)) {
      open.openLesson("a-directory-is-a-cgroup");
      LessonView view = ready(open, 0);
      for (int step = 0; !view.lessonStep().id().equals("throttled"); step++) {
        play(open, step);
        open.press(KeyCode.PAGE_DOWN);
        view = ready(open, step + 1);
      }
      play(open, view.step());

      open.awaitText(" of 20 %");
      assertThat(open.text(".limits-panes")).contains("cgroup.procs", "cpu.stat", "throttled ");
      assertThat(open.text(".why-bar")).contains("allows 20 % of a processor");

      open.press(KeyCode.PAGE_DOWN);
      view = playToTheEnd(open);
      assertThat(view.state().values())
          .containsEntry("greedyStatus", "status 137")
          .containsEntry("pidsNow", "6");
      assertThat(Path.of(view.state().values().get("folder"))).doesNotExist();
    }
    assertNothingIsLeft(state);
  }

  /** Plays what is left of the lesson. */
  private static LessonView playToTheEnd(OpenWindow open) throws IOException {
    LessonView view = open.await("a step is ready", now -> now.state().phase() == Phase.READY);
    for (int step = view.step(); step < view.stepCount(); step++) {
      play(open, step);
      if (step < view.stepCount() - 1) {
        open.press(KeyCode.PAGE_DOWN);
        ready(open, step + 1);
      }
    }
    view = open.await("the last step is over", now -> now.state().phase() == Phase.DONE);
    assertThat(view.state().moments()).hasSize(view.stepCount());
    open.press(KeyCode.PAGE_DOWN);
    open.awaitText("Lesson finished");
    assertThat(open.text(".story"))
        .contains(view.rightPredictions() + " of " + view.state().verdicts().size());
    return view;
  }

  private static void assertNothingIsLeft(Path state) throws IOException {
    assertThat(Files.readString(Path.of("/proc/self/mounts"))).doesNotContain(state.toString());
    assertThat(ProcessHandle.current().descendants().filter(LiveLessonTest::isStub)).isEmpty();
  }

  private static void play(OpenWindow open, int step) throws IOException {
    LessonView view = open.await("step " + step + " is shown", now -> now.step() == step);
    boolean asks = view.lessonStep().prediction().isPresent();
    if (asks) {
      open.press(KeyCode.DIGIT1);
      open.await("an option is chosen", now -> now.choice() == 0);
    }
    open.press(KeyCode.PAGE_DOWN);
    view = open.await("step " + step + " has run", LiveLessonTest::over);
    assertThat(view.state().failure()).isEmpty();
    if (view.state().phase() == Phase.YOUR_TURN) {
      Shots.typeSolution(view);
      view = open.await("the kernel sees it done", now -> now.state().phase() == Phase.DONE);
      // The terminal has the keyboard; F6 leads out of it.
      open.press(KeyCode.F6);
    }
    if (asks) {
      boolean right = view.verdict().orElseThrow().right();
      open.awaitText(right ? "Your prediction was right" : "Not what the kernel said");
      open.awaitText("Observed: " + view.verdict().orElseThrow().observed());
    }
  }

  private static LessonView ready(OpenWindow open, int step) {
    return open.await(
        "step " + step + " is ready",
        now -> now.step() == step && now.state().phase() == Phase.READY);
  }

  private static boolean over(LessonView view) {
    return switch (view.state().phase()) {
      case YOUR_TURN, DONE, FAILED -> true;
      case READY, RUNNING, REBUILDING -> false;
    };
  }

  private static boolean isStub(ProcessHandle process) {
    return process.info().command().filter(command -> command.contains("stub")).isPresent();
  }
}
