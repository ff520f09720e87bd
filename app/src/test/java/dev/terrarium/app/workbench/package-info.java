/** The real window, driven by keys. */
@NullMarked
package dev.terrarium.app.workbench;

import org.jspecify.annotations.NullMarked;
