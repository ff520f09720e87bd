/** The Images screen in a window, with a real store behind it. */
@NullMarked
package dev.terrarium.app.images;

import org.jspecify.annotations.NullMarked;
