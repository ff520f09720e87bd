/** Plays a lesson on a live engine: actions, locked predictions, checks, the way back. */
@NullMarked
package dev.terrarium.lessons.play;

import org.jspecify.annotations.NullMarked;
