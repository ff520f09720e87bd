/** The window as a whole: where its parts, the engine and the course are put together. */
@NullMarked
package dev.terrarium.app.workbench;

import org.jspecify.annotations.NullMarked;
