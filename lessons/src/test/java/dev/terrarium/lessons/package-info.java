/** Tests of the course. */
@NullMarked
package dev.terrarium.lessons;

import org.jspecify.annotations.NullMarked;
