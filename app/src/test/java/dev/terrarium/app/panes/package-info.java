@NullMarked
package dev.terrarium.app.panes;

import org.jspecify.annotations.NullMarked;
