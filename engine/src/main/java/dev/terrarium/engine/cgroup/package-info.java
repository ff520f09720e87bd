/**
 * Control groups of both versions: which hierarchies this host has, where this engine may make
 * cgroups, what limits become in the files of either, and what those files tell of use.
 */
@NullMarked
package dev.terrarium.engine.cgroup;

import org.jspecify.annotations.NullMarked;
