/** A terminal that a process inside a container talks to, heard by everyone who wants to listen. */
@NullMarked
package dev.terrarium.engine.console;

import org.jspecify.annotations.NullMarked;
