/** Judges a lesson before anybody plays it: its files, and every expression in it. */
@NullMarked
package dev.terrarium.lessons.check;

import org.jspecify.annotations.NullMarked;
