package dev.terrarium.app.lesson;

import dev.terrarium.app.window.LessonScene;
import dev.terrarium.engine.container.Container;
import dev.terrarium.engine.observe.Snapshot;
import dev.terrarium.lessons.expression.Belongings;
import dev.terrarium.lessons.format.Lesson;
import dev.terrarium.lessons.format.LessonStep;
import dev.terrarium.lessons.format.StepProse;
import dev.terrarium.lessons.play.PlayerState;
import dev.terrarium.lessons.play.PlayerState.Moment;
import dev.terrarium.lessons.play.PlayerState.Phase;
import dev.terrarium.lessons.play.PlayerState.Verdict;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * All that the lesson screen shows at one moment. Every part of the screen draws itself from this
 * and from nothing else.
 *
 * @param lesson the lesson
 * @param state where its player is
 * @param past the recorded step that is looked at instead of the present one
 * @param hints how many hints of the present step are open
 * @param finished whether the learner has closed the lesson's last step
 * @param container the running container, for its terminal
 */
public record LessonView(
    Lesson lesson,
    PlayerState state,
    OptionalInt past,
    int hints,
    boolean finished,
    Optional<Container> container) {

  /** What the one big button does. */
  public enum Primary {
    LOCK_AND_RUN,
    RUN,
    RUNNING,
    WAITING,
    NEXT,
    FINISH,
    AGAIN,
    RETRY,
    REBUILDING,
    BACK_TO_LIVE
  }

  /** How a step stands, for the timeline and the list of steps. */
  public enum StepMark {
    CURRENT,
    RECORDED,
    AHEAD
  }

  /** The step on screen, from 0. */
  public int step() {
    return past.orElse(state.step());
  }

  public int stepCount() {
    return lesson.steps().size();
  }

  public LessonStep lessonStep() {
    return lesson.steps().get(step());
  }

  public StepProse prose(String language) {
    return lesson.prose(language, step());
  }

  /** The lesson's name, in English if that language is missing. */
  public String title(String language) {
    return lesson.titles().getOrDefault(language, lesson.titles().getOrDefault("en", lesson.id()));
  }

  public boolean isPast() {
    return past.isPresent();
  }

  /** Whether the actions of the step on screen are over, so that its outcome can be told. */
  public boolean hasRun() {
    return isPast()
        || switch (state.phase()) {
          case YOUR_TURN, DONE -> true;
          case READY, RUNNING, FAILED, REBUILDING -> false;
        };
  }

  /** What was recorded of a step, if it has run. */
  public Optional<Moment> moment(int step) {
    return state.moments().stream().filter(moment -> moment.step() == step).findFirst();
  }

  public Optional<Verdict> verdict() {
    return Optional.ofNullable(state.verdicts().get(step()));
  }

  /** The option chosen or locked for the step on screen, -1 if none. */
  public int choice() {
    return state.choices().getOrDefault(step(), -1);
  }

  /** Whether the prediction of the step on screen can still be changed. */
  public boolean canChoose() {
    return !isPast() && state.phase() == Phase.READY && verdict().isEmpty();
  }

  public Primary primary() {
    if (isPast()) {
      return Primary.BACK_TO_LIVE;
    }
    return switch (state.phase()) {
      case READY -> lessonStep().prediction().isPresent() ? Primary.LOCK_AND_RUN : Primary.RUN;
      case RUNNING -> Primary.RUNNING;
      case YOUR_TURN -> Primary.WAITING;
      case DONE ->
          step() < stepCount() - 1 ? Primary.NEXT : finished ? Primary.AGAIN : Primary.FINISH;
      case FAILED -> Primary.RETRY;
      case REBUILDING -> Primary.REBUILDING;
    };
  }

  public boolean canPressPrimary() {
    return switch (primary()) {
      case LOCK_AND_RUN -> choice() >= 0;
      case RUNNING, WAITING, REBUILDING -> false;
      case RUN, NEXT, FINISH, AGAIN, RETRY, BACK_TO_LIVE -> true;
    };
  }

  /** Whether there is a step, or a run of this step, to go back from. */
  public boolean canGoBack() {
    return !isPast()
        && switch (state.phase()) {
          case READY -> step() > 0;
          case YOUR_TURN, DONE, FAILED -> true;
          case RUNNING, REBUILDING -> false;
        };
  }

  public StepMark mark(int step) {
    if (step == step()) {
      return StepMark.CURRENT;
    }
    return moment(step).isPresent() ? StepMark.RECORDED : StepMark.AHEAD;
  }

  /** How many locked predictions came true. */
  public long rightPredictions() {
    return state.verdicts().values().stream().filter(Verdict::right).count();
  }

  /**
   * The same without the newest look at the host: what the words on screen depend on. The host is
   * looked at several times a second; the words must not be set anew each time.
   */
  LessonView withoutLive() {
    PlayerState still =
        new PlayerState(
            state.step(),
            state.phase(),
            state.choices(),
            state.verdicts(),
            state.reason(),
            state.values(),
            state.containerPid(),
            state.moments(),
            Optional.empty(),
            Belongings.NONE,
            state.failure());
    return new LessonView(lesson, still, past, hints, finished, container);
  }

  /** What the right side of the screen draws. */
  public LessonScene scene() {
    return past.isPresent() ? pastScene(past.getAsInt()) : liveScene();
  }

  private LessonScene pastScene(int step) {
    Moment moment =
        moment(step)
            .orElseThrow(() -> new IllegalStateException("step " + step + " is not recorded"));
    List<Moment> upTo = state.moments().stream().filter(m -> m.step() <= step).toList();
    return new LessonScene(
        step,
        Optional.of(moment.after()),
        moment.containerPid(),
        upTo,
        moment.changes(),
        true,
        container,
        lessonStep().view(),
        moment.belongings());
  }

  private LessonScene liveScene() {
    List<Moment> moments = state.moments();
    Optional<Snapshot> snapshot =
        state
            .live()
            .or(() ->
                moments.isEmpty() ? Optional.empty() : Optional.of(moments.getLast().after()));
    return new LessonScene(
        state.step(),
        snapshot,
        state.containerPid(),
        moments,
        moments.isEmpty() ? List.of() : moments.getLast().changes(),
        false,
        container,
        lessonStep().view(),
        state.belongings());
  }
}
