/** Who the names of users and groups are, by the files of a container. */
@NullMarked
package dev.terrarium.engine.account;

import org.jspecify.annotations.NullMarked;
