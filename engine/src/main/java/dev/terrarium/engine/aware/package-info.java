/**
 * The files of /proc and /sys in which the kernel speaks of the whole host whoever asks, computed
 * anew from a container's cgroup, as LXCFS does.
 */
@NullMarked
package dev.terrarium.engine.aware;

import org.jspecify.annotations.NullMarked;
