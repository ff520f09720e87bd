package dev.terrarium.lessons.play;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrarium.lessons.Course;
import dev.terrarium.lessons.format.Lesson;
import dev.terrarium.lessons.format.LessonLoader;
import dev.terrarium.lessons.play.AutoPlayer.Report;
import dev.terrarium.lessons.play.AutoPlayer.StepReport;
import dev.terrarium.lessons.play.PlayerState.Phase;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every lesson keeps its promises on this host, and one that does not is found out. */
@Timeout(240)
class AutoPlayerTest {

  private static final String START =
      "{ \"start\": { \"namespaces\": [\"pid\", \"mnt\"], \"argv\": [\"/bin/sh\"] } }";

  @TempDir private Path folder;
  @TempDir private Path lessons;
  private LiveHost host;

  @BeforeEach
  void open() throws IOException {
    host = new LiveHost(folder);
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    host.assertNoContainerIsLeft();
    host.close();
  }

  static List<String> ids() {
    return LessonLoader.builtInIds();
  }

  @ParameterizedTest
  @MethodSource("ids")
  void everyLessonKeepsItsPromises(String id) throws InterruptedException {
    Lesson lesson = Course.load().lesson(id).orElseThrow();
    if (lesson.part().equals("limits")) {
      LiveHost.requireCgroups();
    }
    List<StepReport> heard = new ArrayList<>();
    Report report =
        AutoPlayer.play(host.engine(), host.facts(), lesson, "zh", step -> 1, heard::add);

    assertThat(report.steps()).extracting(StepReport::failure).containsOnly(Optional.empty());
    assertThat(report.passed()).isTrue();
    assertThat(report.steps()).hasSameSizeAs(lesson.steps()).isEqualTo(heard);
  }

  /** Each row: the step's keys, the prose of its parts, the failure. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "do": [START], "your-turn": { "check": "container.running", "solution": "true" } | ### Do {#your-turn}~~It.~~### Hints {#hints}~~- It. | the check holds before anybody has done anything
          "do": [START], "predict": { "observe": "1 + 1", "options": ["1", "3"] } | ### What? {#predict}~~- one~- three | no option stands for what was observed: 2
          "do": [START, { "signal": { "pid": "1" } }] |  | no signal to 1: it is not a process of the lesson's container
          "do": [{ "ask": { "line": "true" } }] |  | a line for its terminal needs a container, and none was started
          "do": [START, { "type": { "line": "exit 3" } }, { "await": { "until": "!container.running" } }, { "ask": { "line": "true" } }] |  | a line for its terminal needs a running container; it has exited 3
          "do": [{ "start": { "argv": ["/bin/sh"] } }] |  | a root file system of its own needs a mount namespace: add mnt
          "do": [{ "start": { "namespaces": ["mnt"], "argv": ["/no/such/program"] } }] |  | exec: execve
          """)
  void findsOutWhatALessonDoesNotKeep(String keys, String parts, String failure) throws Exception {
    Lesson lesson =
        LessonText.ofOneStep(
            lessons, keys.replace("START", START), parts == null ? "" : parts.replace('~', '\n'));

    Report report =
        AutoPlayer.play(host.engine(), host.facts(), lesson, "en", step -> 0, step -> {});

    assertThat(report.passed()).isFalse();
    assertThat(report.steps().getLast().failure().orElseThrow()).contains(failure);
  }

  @Test
  void closingInTheMiddleOfAnActionLeavesNothing() throws Exception {
    Lesson lesson =
        LessonText.ofOneStep(
            lessons, "\"do\": [" + START + ", { \"ask\": { \"line\": \"sleep 1000\" } }]", "");
    LessonPlayer player = LivePlayer.open(host.engine(), host.facts(), lesson);
    Screen screen = new Screen(player);
    PlayerState ready = screen.await(0, Phase.READY);
    assertThat(ready.containerPid()).isEmpty();
    player.advance();
    screen.await(0, Phase.RUNNING);

    player.close();

    host.assertNoContainerIsLeft();
  }
}
