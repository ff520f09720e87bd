/**
 * Makes images from Dockerfiles: each instruction in order, in a container where it runs something,
 * with a layer where it changes files, and with a reason where it runs again.
 */
@NullMarked
package dev.terrarium.engine.build;

import org.jspecify.annotations.NullMarked;
