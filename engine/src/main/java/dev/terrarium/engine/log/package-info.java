/** What a container printed, kept in a file. */
@NullMarked
package dev.terrarium.engine.log;

import org.jspecify.annotations.NullMarked;
