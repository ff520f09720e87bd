/** What one tree of files has otherwise than another: images, their layers, containers. */
@NullMarked
package dev.terrarium.engine.compare;

import org.jspecify.annotations.NullMarked;
