/** The Limits view: what a container may use, what it uses, and the files that say so. */
@NullMarked
package dev.terrarium.app.limits;

import org.jspecify.annotations.NullMarked;
