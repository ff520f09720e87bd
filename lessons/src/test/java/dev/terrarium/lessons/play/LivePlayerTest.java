package dev.terrarium.lessons.play;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrarium.lessons.Course;
import dev.terrarium.lessons.format.Lesson;
import dev.terrarium.lessons.play.PlayerState.Phase;
import dev.terrarium.lessons.play.PlayerState.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The first lesson in a person's hands, on the real kernel. */
@Timeout(240)
class LivePlayerTest {

  private static final int BLINDFOLD = 1;
  private static final int WHO_AM_I = 2;
  private static final int NEW_MIRROR = 4;
  private static final int TWO_NUMBERS = 5;

  @TempDir private Path folder;
  private final Lesson lesson = Course.load().lesson("pid-1-illusion").orElseThrow();
  private LiveHost host;
  private LessonPlayer player;
  private Screen screen;

  @BeforeEach
  void open() throws IOException {
    host = new LiveHost(folder);
    player = LivePlayer.open(host.engine(), host.facts(), lesson);
    screen = new Screen(player);
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    player.close();
    host.assertNoContainerIsLeft();
    host.close();
  }

  @Test
  void aPredictionMustBeLockedBeforeTheKernelAnswers() throws Exception {
    screen.playUpTo(WHO_AM_I);

    player.advance();
    assertThat(screen.settled().phase()).isEqualTo(Phase.READY);

    player.choose(1);
    player.advance();
    PlayerState done = screen.await(WHO_AM_I, Phase.DONE);
    assertThat(done.verdicts()).containsEntry(WHO_AM_I, new Verdict(1, Optional.of(1), "1"));

    player.choose(2);
    assertThat(screen.settled().choices()).containsEntry(WHO_AM_I, 1);
  }

  /** The shell forks for it and does nothing else that would be seen at the next glance. */
  @Test
  void whatALearnerTypesIsHeardAtOnce() throws Exception {
    screen.playUpTo(WHO_AM_I);
    String ignored = screen.type("cd /etc; rm motd");

    PlayerState state =
        screen.await(seen ->
            seen.moments().getLast().heard().stream()
                .anyMatch(call -> call.paths().contains("/etc/motd")));
    assertThat(state.phase()).isEqualTo(Phase.READY);
    assertThat(state.moments().getLast().calls())
        .noneMatch(call -> call.name().startsWith("unlink"));

    // It stays with the step after which it was typed.
    PlayerState next = screen.run(WHO_AM_I);
    assertThat(next.moments().get(BLINDFOLD).heard())
        .anyMatch(call -> call.paths().contains("/etc/motd"));
    assertThat(next.moments().getLast().heard())
        .noneMatch(call -> call.paths().contains("/etc/motd"));
  }

  @Test
  void aMomentHoldsWhatItsStepDid() throws Exception {
    screen.playUpTo(BLINDFOLD);

    PlayerState done = screen.run(BLINDFOLD);

    PlayerState.Moment moment = done.moments().get(BLINDFOLD);
    assertThat(moment.calls())
        .extracting(call -> call.name())
        .contains("clone", "pivot_root", "execve");
    int pid = done.containerPid().orElseThrow();
    assertThat(moment.containerPid()).hasValue(pid);
    assertThat(moment.changes())
        .anyMatch(change -> change.toString().startsWith("NamespaceMade[namespace=pid:["))
        .anyMatch(
            change -> change.toString().startsWith("ProcessBorn[process=ProcessInfo[pid=" + pid));
    assertThat(Files.readSymbolicLink(Path.of("/proc/" + pid + "/ns/pid")))
        .hasToString("pid:[" + done.values().get("newNs") + "]");
  }

  @Test
  void theLearnersTurnEndsWhenTheKernelSaysSo() throws Exception {
    screen.playUpTo(TWO_NUMBERS);
    player.advance();
    PlayerState waiting = screen.await(TWO_NUMBERS, Phase.YOUR_TURN);
    assertThat(waiting.reason().orElseThrow())
        .isEqualTo("container.processes: " + waiting.values().get("pid") + " = 1 /bin/sh");

    // Speaking of it is not doing it: the check looks at processes, not at keystrokes.
    assertThat(screen.type("echo sleep 1000")).isEqualTo("sleep 1000");
    player.advance();
    assertThat(screen.settled().phase()).isEqualTo(Phase.YOUR_TURN);

    String ignored = screen.type("sleep 500 &");
    PlayerState done = screen.await(TWO_NUMBERS, Phase.DONE);
    String child = done.values().get("child");
    assertThat(Files.readAllLines(Path.of("/proc/" + child + "/status")))
        .anyMatch(line ->
            line.matches("NSpid:.*\\b" + child + "\\s+" + done.values().get("childInside")));
    assertThat(done.reason()).isEmpty();
  }

  @Test
  void backMakesTheWorldAgain() throws Exception {
    screen.playUpTo(WHO_AM_I);
    PlayerState done = screen.run(WHO_AM_I);
    int first = done.containerPid().orElseThrow();

    player.back();
    screen.await(WHO_AM_I, Phase.REBUILDING);
    PlayerState again = screen.await(WHO_AM_I, Phase.READY);

    assertThat(again.containerPid().orElseThrow()).isNotEqualTo(first);
    assertThat(Path.of("/proc/" + first)).doesNotExist();
    assertThat(again.verdicts()).isEmpty();
    assertThat(again.choices()).isEmpty();
    assertThat(again.moments()).hasSize(WHO_AM_I);
    assertThat(again.values()).doesNotContainKey("inside");

    player.back();
    assertThat(screen.await(BLINDFOLD, Phase.READY).moments()).hasSize(BLINDFOLD);
  }

  @Test
  void jumpsOnlyToWhatHasBeenReached() throws Exception {
    screen.playUpTo(NEW_MIRROR);

    player.jump(TWO_NUMBERS);
    assertThat(screen.settled().step()).isEqualTo(NEW_MIRROR);

    player.jump(0);
    screen.await(0, Phase.REBUILDING);
    PlayerState begin = screen.await(0, Phase.READY);
    assertThat(begin.containerPid()).isEmpty();
    assertThat(begin.verdicts()).containsKey(WHO_AM_I);

    player.jump(NEW_MIRROR);
    PlayerState back = screen.await(NEW_MIRROR, Phase.READY);
    assertThat(back.moments()).hasSize(NEW_MIRROR);
    assertThat(back.values()).containsEntry("inside", "1");

    player.restart();
    PlayerState fresh = screen.await(0, Phase.READY);
    assertThat(fresh.verdicts()).isEmpty();
    player.jump(1);
    assertThat(screen.settled().step()).isZero();
  }

  @Test
  void jumpingOverTheLearnersTurnTypesItsSolution() throws Exception {
    screen.playUpTo(TWO_NUMBERS + 1);

    player.back();
    player.jump(TWO_NUMBERS + 1);
    PlayerState ready =
        screen.await(s -> s.phase() == Phase.READY && s.moments().size() == TWO_NUMBERS);
    assertThat(ready.step()).isEqualTo(TWO_NUMBERS);

    player.jump(TWO_NUMBERS + 1);
    PlayerState after = screen.await(TWO_NUMBERS + 1, Phase.READY);
    assertThat(Path.of("/proc/" + after.values().get("child"))).exists();
  }

  @Test
  void saysThatTheContainerIsGoneAndMakesItAgain() throws Exception {
    screen.playUpTo(WHO_AM_I);

    screen.console().type("exit 7\n");
    PlayerState failed = screen.await(WHO_AM_I, Phase.FAILED);
    assertThat(failed.failure()).contains("the container is gone: its first process exited 7");
    assertThat(failed.containerPid()).isEmpty();

    player.advance();
    assertThat(screen.await(WHO_AM_I, Phase.READY).containerPid()).isPresent();
    assertThat(screen.run(WHO_AM_I).values()).containsEntry("inside", "1");
  }

  @Test
  void showsWhatTheLearnerDoesBetweenSteps() throws Exception {
    screen.playUpTo(WHO_AM_I);

    String ignored = screen.type("sleep 300 &");

    PlayerState seen =
        screen.await(state ->
            state.live().orElseThrow().processes().stream()
                .anyMatch(p -> p.argv().equals(List.of("sleep", "300")) && p.pids().size() > 1));
    assertThat(seen.phase()).isEqualTo(Phase.READY);
  }

  @Test
  void theLastStepEndsWithAnEmptyNamespaceAndNoFailure() throws Exception {
    int last = lesson.steps().size() - 1;
    screen.playUpTo(last);

    PlayerState done = screen.run(last);

    assertThat(done.phase()).isEqualTo(Phase.DONE);
    assertThat(done.containerPid()).isEmpty();
    assertThat(done.verdicts()).containsEntry(last, new Verdict(0, Optional.of(0), "0"));
    assertThat(Path.of("/proc/" + done.values().get("orphan"))).doesNotExist();
  }
}
