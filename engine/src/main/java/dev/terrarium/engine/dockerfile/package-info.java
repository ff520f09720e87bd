/**
 * The language of Dockerfiles: from text to instructions that know where they stand. Pure; what the
 * instructions do is told in {@link dev.terrarium.engine.build}.
 */
@NullMarked
package dev.terrarium.engine.dockerfile;

import org.jspecify.annotations.NullMarked;
