/** The expressions of lessons: Google's CEL over typed views of what the kernel shows. */
@NullMarked
package dev.terrarium.lessons.expression;

import org.jspecify.annotations.NullMarked;
