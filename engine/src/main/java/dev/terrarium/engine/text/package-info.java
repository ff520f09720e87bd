/** Words that people type. */
@NullMarked
package dev.terrarium.engine.text;

import org.jspecify.annotations.NullMarked;
