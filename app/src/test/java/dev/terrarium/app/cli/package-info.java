/** The command line, in this process and in processes of its own. */
@NullMarked
package dev.terrarium.app.cli;

import org.jspecify.annotations.NullMarked;
