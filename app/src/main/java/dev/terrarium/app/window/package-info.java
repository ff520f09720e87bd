/** The workbench's frame: header, theme, language, and what every part of the window is given. */
@NullMarked
package dev.terrarium.app.window;

import org.jspecify.annotations.NullMarked;
