/**
 * Tar archives to the byte: names and attributes that are no text, sparse files, and limits for
 * hostile ones.
 */
@NullMarked
package dev.terrarium.engine.tar;

import org.jspecify.annotations.NullMarked;
