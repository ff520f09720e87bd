/** POSIX calls inside the JVM itself, through jnr-posix, loaded when first needed. */
@NullMarked
package dev.terrarium.engine.posix;

import org.jspecify.annotations.NullMarked;
