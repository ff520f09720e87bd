/** A container from specification to plan to steps to running process to clean host. */
@NullMarked
package dev.terrarium.engine.container;

import org.jspecify.annotations.NullMarked;
