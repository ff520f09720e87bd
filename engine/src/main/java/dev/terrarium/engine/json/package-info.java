/** How the engine's records are written as JSON and read again, strictly, by one mapper. */
@NullMarked
package dev.terrarium.engine.json;

import org.jspecify.annotations.NullMarked;
