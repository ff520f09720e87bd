/** The launcher script, run for real in a fake house: Maven, the JDK and apt are stand-ins. */
@NullMarked
package dev.terrarium.app.launcher;

import org.jspecify.annotations.NullMarked;
