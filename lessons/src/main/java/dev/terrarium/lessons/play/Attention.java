package dev.terrarium.lessons.play;

import dev.terrarium.engine.observe.Glance;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Decides when the host is looked at while nothing is done to it. A look at thousands of processes
 * costs a tenth of a second, a glance costs nothing: so the lesson glances often and looks when
 * something has moved.
 *
 * <ul>
 *   <li>In the container: at once.
 *   <li>Elsewhere on the host: as often as it costs a small share of one processor.
 *   <li>Nowhere: now and then, because not everything shows in a glance.
 * </ul>
 *
 * Times are those of {@link System#nanoTime}.
 */
final class Attention {

  private static final long NOW_AND_THEN_NANOS = Duration.ofSeconds(10).toNanos();

  /** A look is followed by so many times its own length without one. */
  private static final int PAUSE = 50;

  private @Nullable Glance before;
  private long ended;
  private long length;

  /** Whether it is time to look. */
  boolean due(Glance now, long at) {
    Glance known = before;
    if (known == null || !now.sameWatched(known)) {
      return true;
    }
    long since = at - ended;
    return since >= NOW_AND_THEN_NANOS
        || (now.processes() != known.processes() && since >= PAUSE * length);
  }

  /**
   * The host was looked at.
   *
   * @param glance from before the look, so that nothing in between is missed
   */
  void looked(Glance glance, long from, long to) {
    before = glance;
    ended = to;
    length = to - from;
  }
}
