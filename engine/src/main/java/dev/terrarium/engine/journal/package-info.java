/** The state folder and the journal in it: what was made, so that nothing is left behind. */
@NullMarked
package dev.terrarium.engine.journal;

import org.jspecify.annotations.NullMarked;
