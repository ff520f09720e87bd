/** Which containers there are, whichever engine of the same state folder made them. */
@NullMarked
package dev.terrarium.engine.registry;

import org.jspecify.annotations.NullMarked;
