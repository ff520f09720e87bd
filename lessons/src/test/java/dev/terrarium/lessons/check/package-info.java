/** Tests of the package of the same name. */
@NullMarked
package dev.terrarium.lessons.check;

import org.jspecify.annotations.NullMarked;
