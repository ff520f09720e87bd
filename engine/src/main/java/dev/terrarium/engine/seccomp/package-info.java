/**
 * Filters of system calls: an assembler for the programs that seccomp(2) takes, and the list of
 * what a container has no business with.
 */
@NullMarked
package dev.terrarium.engine.seccomp;

import org.jspecify.annotations.NullMarked;
