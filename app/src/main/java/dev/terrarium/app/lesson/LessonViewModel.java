package dev.terrarium.app.lesson;

import dev.terrarium.engine.container.Container;
import dev.terrarium.lessons.play.LessonPlayer;
import dev.terrarium.lessons.play.PlayerState;
import java.util.Optional;
import java.util.OptionalInt;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

/**
 * Stands between a lesson's player and its screen: takes the player's newest state once per pulse,
 * adds what only the screen knows (which recorded moment is looked at, which hints are open), and
 * passes on what the learner does. Used on the JavaFX thread only.
 */
public final class LessonViewModel implements AutoCloseable {

  private record Heard(PlayerState state, Optional<Container> container) {}

  private final LessonPlayer player;
  private final ReadOnlyObjectWrapper<LessonView> view;
  private final ReadOnlyObjectWrapper<LessonView> story;

  public LessonViewModel(LessonPlayer player) {
    this.player = player;
    this.view =
        new ReadOnlyObjectWrapper<>(
            new LessonView(
                player.lesson(),
                player.state(),
                OptionalInt.empty(),
                0,
                false,
                player.container()));
    this.story = new ReadOnlyObjectWrapper<>(view.get().withoutLive());
    PulseInbox<Heard> inbox =
        new PulseInbox<>(this::take, heard -> heard.state().phase() == PlayerState.Phase.RUNNING);
    player.listen(state -> inbox.offer(new Heard(state, player.container())));
  }

  /** All that is on screen. */
  public ReadOnlyObjectProperty<LessonView> view() {
    return view.getReadOnlyProperty();
  }

  /** The same, unchanged when nothing but the newest look at the host is new. */
  public ReadOnlyObjectProperty<LessonView> story() {
    return story.getReadOnlyProperty();
  }

  /** Selects an option of the present prediction; nothing once it is locked. */
  public void choose(int option) {
    LessonView now = view.get();
    boolean exists =
        now.lessonStep().prediction().filter(p -> option < p.options().size()).isPresent();
    if (exists && now.canChoose()) {
      player.choose(option);
    }
  }

  /** Presses the big button: runs, goes on, or comes back from the past. */
  public void advance() {
    LessonView now = view.get();
    if (!now.canPressPrimary()) {
      return;
    }
    switch (now.primary()) {
      case BACK_TO_LIVE -> live();
      case FINISH -> show(with(now, now.past(), now.hints(), true));
      case AGAIN -> player.restart();
      case LOCK_AND_RUN, RUN, NEXT, RETRY -> player.advance();
      case RUNNING, WAITING, REBUILDING ->
          throw new IllegalStateException("the button is disabled in " + now.primary());
    }
  }

  /** Rebuilds the world as it was before the present step. */
  public void back() {
    if (view.get().canGoBack()) {
      player.back();
    }
  }

  /** Looks at a recorded moment; the present one means live. Nothing if it is not recorded. */
  public void look(int step) {
    LessonView now = view.get();
    if (step == now.state().step()) {
      live();
    } else if (now.moment(step).isPresent()) {
      show(with(now, OptionalInt.of(step), now.hints(), now.finished()));
    }
  }

  /** Back from a recorded moment to the present. */
  public void live() {
    LessonView now = view.get();
    if (now.isPast()) {
      show(with(now, OptionalInt.empty(), now.hints(), now.finished()));
    }
  }

  /** Builds the world again as it was before the step that is looked at, and goes live there. */
  public void replayFromHere() {
    LessonView now = view.get();
    if (now.isPast()) {
      player.jump(now.step());
    }
  }

  /** Opens one more hint. */
  public void revealHint(int available) {
    LessonView now = view.get();
    if (now.hints() < available) {
      show(with(now, now.past(), now.hints() + 1, now.finished()));
    }
  }

  /** Ends the lesson's container and waits until nothing is left; not for the JavaFX thread. */
  @Override
  public void close() {
    player.close();
  }

  private void take(Heard heard) {
    LessonView now = view.get();
    PlayerState state = heard.state();
    boolean sameStep = state.step() == now.state().step();
    boolean stillRecorded =
        now.isPast()
            && state.phase() != PlayerState.Phase.REBUILDING
            && state.moments().stream().anyMatch(moment -> moment.step() == now.step());
    show(
        new LessonView(
            now.lesson(),
            state,
            stillRecorded ? now.past() : OptionalInt.empty(),
            sameStep ? now.hints() : 0,
            now.finished() && sameStep && state.phase() == PlayerState.Phase.DONE,
            heard.container()));
  }

  private void show(LessonView next) {
    view.set(next);
    story.set(next.withoutLive());
  }

  private static LessonView with(LessonView now, OptionalInt past, int hints, boolean finished) {
    return new LessonView(now.lesson(), now.state(), past, hints, finished, now.container());
  }
}
