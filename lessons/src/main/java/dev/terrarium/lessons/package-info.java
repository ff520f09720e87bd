/** The course: the lessons that ship with Terrarium. */
@NullMarked
package dev.terrarium.lessons;

import org.jspecify.annotations.NullMarked;
