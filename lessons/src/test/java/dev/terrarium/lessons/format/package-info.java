/** Tests of the package of the same name. */
@NullMarked
package dev.terrarium.lessons.format;

import org.jspecify.annotations.NullMarked;
