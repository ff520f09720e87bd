/** The second face of every capability: commands for terminals, tests and scripts. */
@NullMarked
package dev.terrarium.app.cli;

import org.jspecify.annotations.NullMarked;
