/** The host at an instant, read from /proc; pure differences and projections of it. */
@NullMarked
package dev.terrarium.engine.observe;

import org.jspecify.annotations.NullMarked;
