/** What is looked at: style tokens, fonts and translations, without a line of JavaFX. */
@NullMarked
package dev.terrarium.assets;

import org.jspecify.annotations.NullMarked;
