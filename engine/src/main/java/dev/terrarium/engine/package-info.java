/** The door of the engine: {@link dev.terrarium.engine.Engine} makes containers and observes. */
@NullMarked
package dev.terrarium.engine;

import org.jspecify.annotations.NullMarked;
