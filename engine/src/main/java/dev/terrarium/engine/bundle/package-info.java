/**
 * A container as runtimes of the OCI take it: a folder with a root file system and a specification.
 */
@NullMarked
package dev.terrarium.engine.bundle;

import org.jspecify.annotations.NullMarked;
