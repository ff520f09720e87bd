/** Measurements of the engine beside its peers on the same host in the same run. */
@NullMarked
package dev.terrarium.engine.bench;

import org.jspecify.annotations.NullMarked;
