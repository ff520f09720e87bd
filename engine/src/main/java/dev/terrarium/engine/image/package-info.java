/** The lesson image: read-only layers built on first use, and where they are kept. */
@NullMarked
package dev.terrarium.engine.image;

import org.jspecify.annotations.NullMarked;
