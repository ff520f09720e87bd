/** Measures the window beside an empty one. */
@NullMarked
package dev.terrarium.app.bench;

import org.jspecify.annotations.NullMarked;
