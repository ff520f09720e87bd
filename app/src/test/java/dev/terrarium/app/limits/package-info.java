@NullMarked
package dev.terrarium.app.limits;

import org.jspecify.annotations.NullMarked;
