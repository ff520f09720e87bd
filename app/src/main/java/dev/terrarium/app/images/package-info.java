/** The Images screen: what an image is made of, layer by layer, and what each layer hides. */
@NullMarked
package dev.terrarium.app.images;

import org.jspecify.annotations.NullMarked;
