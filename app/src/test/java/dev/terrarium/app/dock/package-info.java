@NullMarked
package dev.terrarium.app.dock;

import org.jspecify.annotations.NullMarked;
