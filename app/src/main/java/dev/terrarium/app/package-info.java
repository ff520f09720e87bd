/** Where the program begins: a window, or a command line. */
@NullMarked
package dev.terrarium.app;

import org.jspecify.annotations.NullMarked;
