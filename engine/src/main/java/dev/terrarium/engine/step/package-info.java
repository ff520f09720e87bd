/**
 * The steps from which containers are made: each knows its calls, its sentence, its by-hand
 * command, its undo.
 */
@NullMarked
package dev.terrarium.engine.step;

import org.jspecify.annotations.NullMarked;
