/** How foreign text (names, command lines, arguments) is made fit to be shown. */
@NullMarked
package dev.terrarium.app.text;

import org.jspecify.annotations.NullMarked;
