@NullMarked
package dev.terrarium.app.files;

import org.jspecify.annotations.NullMarked;
