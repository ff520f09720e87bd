/** The one stream of facts that every screen and every recording is fed from. */
@NullMarked
package dev.terrarium.engine.fact;

import org.jspecify.annotations.NullMarked;
