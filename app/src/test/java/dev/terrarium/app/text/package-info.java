@NullMarked
package dev.terrarium.app.text;

import org.jspecify.annotations.NullMarked;
