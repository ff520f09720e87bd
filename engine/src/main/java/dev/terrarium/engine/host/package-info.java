/** What this host and this user can do, and how to get the rest. */
@NullMarked
package dev.terrarium.engine.host;

import org.jspecify.annotations.NullMarked;
