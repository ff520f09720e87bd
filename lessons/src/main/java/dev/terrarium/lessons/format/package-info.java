/** A lesson as data: lesson.json and its prose in each language, loaded and checked. */
@NullMarked
package dev.terrarium.lessons.format;

import org.jspecify.annotations.NullMarked;
