/**
 * The engine in a process of its own, with more rights than the window: JSON lines over a pipe, and
 * the same interfaces on both sides.
 */
@NullMarked
package dev.terrarium.engine.remote;

import org.jspecify.annotations.NullMarked;
