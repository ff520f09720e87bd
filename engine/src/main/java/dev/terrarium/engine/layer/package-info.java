/** What a layer does to a tree: unpacked for overlayfs, packed again, looked at as a union. */
@NullMarked
package dev.terrarium.engine.layer;

import org.jspecify.annotations.NullMarked;
