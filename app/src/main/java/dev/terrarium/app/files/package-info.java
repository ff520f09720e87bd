/** The Files view: layers on the host, and the one tree that the container sees. */
@NullMarked
package dev.terrarium.app.files;

import org.jspecify.annotations.NullMarked;
