/** Tests of the package of the same name. */
@NullMarked
package dev.terrarium.lessons.play;

import org.jspecify.annotations.NullMarked;
