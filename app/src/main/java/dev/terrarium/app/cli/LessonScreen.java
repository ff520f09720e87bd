package dev.terrarium.app.cli;

import dev.terrarium.lessons.play.PlayerState;

/** What a lesson in a terminal looks like: to a person, or to a program. */
interface LessonScreen {

  /** A step is on screen and has not run. */
  void ready(PlayerState state);

  /** A step has run: what the kernel answered. */
  void ran(PlayerState state);

  /** The learner is to act. */
  void yourTurn(PlayerState state);

  /** What the learner typed was answered by the container's shell. */
  void answered(String output);

  /** The learner asks for help: the next hint, from 0. */
  void hint(PlayerState state, int number);

  /** What the learner did is what was asked for. */
  void holds(PlayerState state);

  /** A step has failed. */
  void failed(PlayerState state);

  /** The world is being built again. */
  void rebuilding(PlayerState state);

  /** The last step is over. */
  void finished(PlayerState state);

  /** Something about the dialogue itself, by its key among the terminal's messages. */
  void note(String key, Object... arguments);
}
