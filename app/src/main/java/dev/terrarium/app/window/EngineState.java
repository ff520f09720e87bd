package dev.terrarium.app.window;

/** What has become of the window's engine, for the header. */
public sealed interface EngineState {

  /** It is being opened. */
  record Opening() implements EngineState {}

  /** Somebody is being asked for root's rights. */
  record Asking() implements EngineState {}

  /**
   * It works.
   *
   * @param borrowed whether it is a process of its own, with rights that this one does not have
   * @param liftable whether there is a way to ask for more rights
   */
  record Open(EngineRung rung, boolean borrowed, boolean liftable) implements EngineState {}

  /** It could not be opened. */
  record Failed(String why) implements EngineState {}

  /** It worked, and has ended without having been told to; so has what it ran. */
  record Lost(String why) implements EngineState {}
}
