/**
 * The live wire: system calls of a container's own programs, heard as the kernel asks about them.
 */
@NullMarked
package dev.terrarium.engine.wire;

import org.jspecify.annotations.NullMarked;
