/** Tests of the package of the same name. */
@NullMarked
package dev.terrarium.lessons.expression;

import org.jspecify.annotations.NullMarked;
