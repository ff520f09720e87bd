package dev.terrarium.app.workbench;

import dev.terrarium.app.lesson.LessonView;
import dev.terrarium.app.lesson.LessonViewModel;
import dev.terrarium.app.window.Pulses;
import dev.terrarium.app.window.UiContext;
import dev.terrarium.assets.Language;
import dev.terrarium.assets.Palette;
import dev.terrarium.lessons.play.PlayerState.Phase;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import javafx.application.Platform;
import javafx.stage.Stage;

/**
 * How long a click takes: from the moment in which the button's action begins, on a window that has
 * come to rest, to the end of the frame in which both panes show what the step did. Plays the first
 * lesson's steps that need no learner.
 */
public final class StepTiming {

  private static final int SETTLING_PULSES = 30;

  private StepTiming() {}

  /**
   * Plays them several times, each time in a new window.
   *
   * @return one measurement per step and round, in nanoseconds, in the order of the steps
   * @throws IOException if the lesson did not go on
   */
  public static List<Long> measure(Callable<Session> session, int rounds)
      throws IOException, InterruptedException {
    Platform.setImplicitExit(false);
    Shots.startToolkit();
    List<Long> nanos = new ArrayList<>();
    for (int round = -1; round < rounds; round++) {
      List<Long> once = round(session);
      if (round >= 0) {
        nanos.addAll(once);
      }
    }
    return nanos;
  }

  private static List<Long> round(Callable<Session> session)
      throws IOException, InterruptedException {
    Workbench.Options options =
        Workbench.Options.of(session).looking(Language.ENGLISH, Palette.LIGHT);
    CompletableFuture<Stage> stage = new CompletableFuture<>();
    WorkbenchWindow window =
        Shots.onFx(() -> {
          Stage fresh = new Stage();
          stage.complete(fresh);
          WorkbenchWindow opened =
              new WorkbenchWindow(fresh, new UiContext(Language.ENGLISH, Palette.LIGHT), options);
          opened.show();
          return opened;
        });
    try {
      return play(Shots.await(window.model(), Optional::isPresent).orElseThrow());
    } finally {
      window.close();
      Shots.press(() -> stage.join().close());
    }
  }

  private static List<Long> play(LessonViewModel model) throws IOException, InterruptedException {
    List<Long> nanos = new ArrayList<>();
    while (true) {
      LessonView ready = Shots.await(model.view(), view -> view.state().phase() == Phase.READY);
      if (ready.lessonStep().yourTurn().isPresent()) {
        return nanos;
      }
      if (ready.lessonStep().prediction().isPresent()) {
        Shots.press(() -> model.choose(0));
        Shots.await(model.view(), LessonView::canPressPrimary);
      }
      settle();
      nanos.add(click(model));
      int next = ready.step() + 1;
      Shots.press(model::advance);
      Shots.await(model.view(), view -> view.step() == next);
    }
  }

  /** Whoever clicks has read the step before, so the window is at rest. */
  private static void settle() throws IOException, InterruptedException {
    CompletableFuture<Void> settled = new CompletableFuture<>();
    Platform.runLater(() -> Pulses.after(SETTLING_PULSES, () -> settled.complete(null)));
    Shots.get(settled, "the window to come to rest");
  }

  /**
   * The state is heard, laid out and handed to the renderer in one pulse; JavaFX begins the next
   * one when the renderer is through.
   */
  private static long click(LessonViewModel model) throws IOException, InterruptedException {
    CompletableFuture<Long> painted = new CompletableFuture<>();
    long began = System.nanoTime();
    Shots.press(model::advance);
    Shots.await(
        model.view(),
        view -> {
          boolean over = Shots.over(view);
          if (over) {
            Pulses.after(1, () -> painted.complete(System.nanoTime()));
          }
          return over;
        });
    return Shots.get(painted, "the panes to be painted") - began;
  }
}
