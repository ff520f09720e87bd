/**
 * Files as the kernel has them: names that are bytes, every kind, every attribute, and no way out
 * of a root.
 */
@NullMarked
package dev.terrarium.engine.file;

import org.jspecify.annotations.NullMarked;
