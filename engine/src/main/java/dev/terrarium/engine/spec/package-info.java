/** What a container is to be: pure data, judged as a whole before the first system call. */
@NullMarked
package dev.terrarium.engine.spec;

import org.jspecify.annotations.NullMarked;
