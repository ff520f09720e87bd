package dev.terrarium.app.window;

import dev.terrarium.engine.container.Container;
import dev.terrarium.engine.observe.Change;
import dev.terrarium.engine.observe.Snapshot;
import dev.terrarium.engine.syscall.SyscallEvent;
import dev.terrarium.lessons.expression.Belongings;
import dev.terrarium.lessons.format.View;
import dev.terrarium.lessons.play.PlayerState.Moment;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the right side of the lesson screen draws: one moment, live or past. Every part of it gets
 * the whole scene in one call and draws itself anew from it, on the JavaFX thread.
 *
 * @param step the step on screen, from 0
 * @param snapshot the host as it is drawn; nothing before the first look
 * @param containerPid the container's first process on the host at that moment
 * @param moments what each step up to the one on screen did, oldest first
 * @param changes the kernel delta of the step on screen; while live, with what the learner did
 *     since
 * @param past whether it is a recorded moment and not the present
 * @param container the running container, for its terminal; present whether live or past
 * @param view what the step wants to be looked at
 * @param belongings what the container has besides processes
 */
public record LessonScene(
    int step,
    Optional<Snapshot> snapshot,
    OptionalInt containerPid,
    List<Moment> moments,
    List<Change> changes,
    boolean past,
    Optional<Container> container,
    View view,
    Belongings belongings) {

  /** Before the first look at the host. */
  public static final LessonScene EMPTY =
      new LessonScene(
          0, Optional.empty(), OptionalInt.empty(), List.of(), List.of(), false, Optional.empty());

  /** A scene of processes alone. */
  public LessonScene(
      int step,
      Optional<Snapshot> snapshot,
      OptionalInt containerPid,
      List<Moment> moments,
      List<Change> changes,
      boolean past,
      Optional<Container> container) {
    this(
        step,
        snapshot,
        containerPid,
        moments,
        changes,
        past,
        container,
        View.PROCESSES,
        Belongings.NONE);
  }

  public LessonScene {
    moments = List.copyOf(moments);
    changes = List.copyOf(changes);
  }

  /** All system calls made up to this moment, oldest first. */
  public List<SyscallEvent> calls() {
    return moments.stream().flatMap(moment -> moment.calls().stream()).toList();
  }
}
