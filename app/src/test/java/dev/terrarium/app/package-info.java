/** The walls of the whole house. */
@NullMarked
package dev.terrarium.app;

import org.jspecify.annotations.NullMarked;
