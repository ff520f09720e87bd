/**
 * The stub: a generated static ELF that only makes system calls, and the channel that drives it.
 */
@NullMarked
package dev.terrarium.engine.stub;

import org.jspecify.annotations.NullMarked;
