/** System calls as typed, decoded, recordable data: numbers, arguments, flags and errno names. */
@NullMarked
package dev.terrarium.engine.syscall;

import org.jspecify.annotations.NullMarked;
